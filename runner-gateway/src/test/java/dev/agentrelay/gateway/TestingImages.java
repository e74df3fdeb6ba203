package dev.agentrelay.gateway;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.attachment.ImageStore;
import dev.agentrelay.gateway.attachment.InlineImage;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Stands in for the attachments of session-service; away for some users. */
@Singleton
public class TestingImages implements ImageStore {
  private static final String AWAY = "user-without-attachments-";

  final BlockingQueue<Stored> stored = new LinkedBlockingQueue<>();

  /** What was handed over. */
  record Stored(UserId owner, SessionId session, InlineImage image) {}

  /** The name of a user whose images cannot be kept. */
  static String userWithoutAttachments(String name) {
    return AWAY + name;
  }

  @Override
  public Future<Void> store(UserId owner, SessionId session, InlineImage image) {
    if (owner.value().startsWith(AWAY)) {
      return Future.failedFuture("session-service is away");
    }
    stored.add(new Stored(owner, session, image));
    return Future.succeededFuture();
  }
}
