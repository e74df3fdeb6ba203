package dev.agentrelay.session.removal;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.attachment.AttachmentRecords;
import dev.agentrelay.session.events.EventTrim;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.snapshot.StoredSnapshots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;

/** Removes sessions with their snapshots, events and attachments, all or nothing. */
@ApplicationScoped
public class Removal {
  private final SessionIndex index;
  private final StoredSnapshots snapshots;
  private final EventTrim events;
  private final AttachmentRecords attachments;

  Removal(
      SessionIndex index,
      StoredSnapshots snapshots,
      EventTrim events,
      AttachmentRecords attachments) {
    this.index = index;
    this.snapshots = snapshots;
    this.events = events;
    this.attachments = attachments;
  }

  /** Removes what is left of sessions; their news, told again, would make new rows. */
  @Transactional
  public void remove(List<String> sessions) {
    if (sessions.isEmpty()) {
      return;
    }
    attachments.expireAllOf(sessions);
    snapshots.delete(sessions);
    events.delete(sessions);
    index.delete("sessionId in ?1", sessions);
  }

  /** Removes sessions; their news, told again, changes nothing. */
  @Transactional
  public void removeForGood(List<String> sessions) {
    if (!sessions.isEmpty()) {
      index.markDeleted(sessions, Instant.now());
      remove(sessions);
    }
  }

  /**
   * Removes a session for good, as its user wants it.
   *
   * @return whether the user has that session
   */
  @Transactional
  public boolean removeFor(UserId user, SessionId session) {
    if (!index.isOwner(user, session)) {
      return false;
    }
    removeForGood(List.of(session.value()));
    return true;
  }
}
