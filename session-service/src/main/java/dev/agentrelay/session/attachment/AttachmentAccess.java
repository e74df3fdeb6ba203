package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Who may fetch an attachment (rest.md 5.2). */
@ApplicationScoped
class AttachmentAccess {
  private final AttachmentRecords records;
  private final AttachmentTokens tokens;

  AttachmentAccess(AttachmentRecords records, AttachmentTokens tokens) {
    this.records = records;
    this.tokens = tokens;
  }

  /**
   * The attachment, for its owner.
   *
   * @throws RelayException with 404 when there is none, with 403 when it is somebody else's
   */
  Attachment forUser(String id, UserId user) {
    Attachment found =
        records
            .find(id)
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Attachment not found"));
    if (!found.owner().equals(user)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    return found;
  }

  /**
   * The attachment, for whoever has a token.
   *
   * @throws RelayException as {@link #forUser}; with 401 for a token that is not good, with 403 for
   *     one of another attachment
   */
  Attachment forToken(String id, String token) {
    Optional<AttachmentTokens.Permission> permission = tokens.check(token);
    if (permission.isEmpty()) {
      throw new RelayException(ErrorCode.UNAUTHORIZED, "Invalid or expired token");
    }
    if (!permission.get().attachmentId().equals(id)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Token/attachment mismatch");
    }
    return forUser(id, permission.get().user());
  }
}
