package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import java.time.Instant;

/**
 * A file that belongs to a session.
 *
 * @param id unguessable for an uploaded file; for an extracted image made of user and content
 * @param owner the only one who may fetch it
 * @param filename as the uploader named it, without control characters
 * @param mimeType in lower case, without parameters
 * @param extracted whether the relay cut it out of the session's messages
 */
record Attachment(
    String id,
    SessionId session,
    UserId owner,
    String filename,
    String mimeType,
    long size,
    Instant expiresAt,
    boolean extracted) {

  /** Path and address of the attachment at the relay. */
  String url() {
    return "/api/attachments/" + id;
  }
}
