package dev.agentrelay.gateway.attachment;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import io.vertx.core.Future;

/** Keeps images as attachments of a user. */
public interface ImageStore {
  /** Completes once the image can be read as an attachment, and is kept for that session too. */
  Future<Void> store(UserId owner, SessionId session, InlineImage image);
}
