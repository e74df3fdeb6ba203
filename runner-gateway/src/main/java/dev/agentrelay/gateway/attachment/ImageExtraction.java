package dev.agentrelay.gateway.attachment;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Moves the images of an event to the attachments, so that neither Redis nor a viewer has to carry
 * them again with every snapshot (sockets.md 4.4.5). Thread-safe.
 */
@Singleton
public class ImageExtraction {
  private static final Logger LOG = Logger.getLogger(ImageExtraction.class);
  private static final int REMEMBERED = 10_000;

  private final ImageStore store;
  private final Vertx vertx;

  /** Images that are kept already; a worker sends all of them with each snapshot. */
  private final Map<String, Boolean> kept = new LinkedHashMap<>();

  ImageExtraction(ImageStore store, Vertx vertx) {
    this.store = store;
    this.vertx = vertx;
  }

  /** Whether it is worth looking for images in the event; cheap. */
  public boolean mayHaveImages(RawJson event) {
    return InlineImages.mayBeIn(event);
  }

  /**
   * The event with addresses in place of its images, or as it came when they cannot be kept. Never
   * fails.
   */
  public Future<RawJson> extract(UserId owner, SessionId session, RawJson event) {
    return vertx
        .executeBlocking(() -> InlineImages.takenFrom(event, owner), false)
        .compose(
            result -> {
              List<Future<Void>> stores =
                  result.images().stream().map(image -> keep(owner, session, image)).toList();
              return Future.all(stores).map(all -> result.event());
            })
        .otherwise(
            failure -> {
              LOG.warnf(
                  "Images of session %s stay in its transcript: %s", session, failure.getMessage());
              return event;
            });
  }

  private Future<Void> keep(UserId owner, SessionId session, InlineImage image) {
    synchronized (kept) {
      if (kept.containsKey(image.id())) {
        return Future.succeededFuture();
      }
    }
    return store.store(owner, session, image).onSuccess(stored -> remember(image.id()));
  }

  private void remember(String id) {
    synchronized (kept) {
      kept.put(id, true);
      if (kept.size() > REMEMBERED) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }
}
