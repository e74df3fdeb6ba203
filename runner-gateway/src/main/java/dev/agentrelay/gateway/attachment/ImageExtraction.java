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

  /**
   * What was handed over already, as a worker sends all of its images with each snapshot. Only for
   * one registration: the store keeps an image for the sessions that have brought it, and may have
   * forgotten it together with them.
   */
  private final Map<Kept, Boolean> kept = new LinkedHashMap<>();

  private record Kept(SessionId session, long epoch, String image) {}

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
   *
   * @param epoch the registration that the event belongs to
   */
  public Future<RawJson> extract(UserId owner, SessionId session, long epoch, RawJson event) {
    return vertx
        .executeBlocking(() -> InlineImages.takenFrom(event, owner), false)
        .compose(
            result -> {
              List<Future<Void>> stores =
                  result.images().stream()
                      .map(image -> keep(owner, new Kept(session, epoch, image.id()), image))
                      .toList();
              return Future.all(stores).map(all -> result.event());
            })
        .otherwise(
            failure -> {
              LOG.warnf(
                  "Images of session %s stay in its transcript: %s", session, failure.getMessage());
              return event;
            });
  }

  private Future<Void> keep(UserId owner, Kept wanted, InlineImage image) {
    synchronized (kept) {
      if (kept.containsKey(wanted)) {
        return Future.succeededFuture();
      }
    }
    return store.store(owner, wanted.session(), image).onSuccess(stored -> remember(wanted));
  }

  private void remember(Kept image) {
    synchronized (kept) {
      kept.put(image, true);
      if (kept.size() > REMEMBERED) {
        kept.remove(kept.keySet().iterator().next());
      }
    }
  }
}
