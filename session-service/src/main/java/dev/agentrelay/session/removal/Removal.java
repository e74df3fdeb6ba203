package dev.agentrelay.session.removal;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.attachment.AttachmentRecords;
import dev.agentrelay.session.events.EventLog;
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
  private final EventLog events;
  private final AttachmentRecords attachments;

  Removal(
      SessionIndex index,
      StoredSnapshots snapshots,
      EventLog events,
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

  /**
   * Removes a session for good, as its user wants it: its news, told again, changes nothing.
   *
   * @return whether the user has that session
   */
  @Transactional
  public boolean removeFor(UserId user, SessionId session) {
    if (!index.isOwner(user, session)) {
      return false;
    }
    index.markDeleted(session, Instant.now());
    remove(List.of(session.value()));
    return true;
  }
}
