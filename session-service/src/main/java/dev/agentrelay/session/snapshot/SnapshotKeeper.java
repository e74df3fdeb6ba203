package dev.agentrelay.session.snapshot;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.StoredSnapshot;
import dev.agentrelay.session.SessionConfig;
import dev.agentrelay.session.live.LiveSessions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Takes over the last state of a session when the gateway says that it is in use, which is not
 * often, and when it has ended. Kafka carries the news, Redis the state.
 */
@ApplicationScoped
public class SnapshotKeeper {
  private static final Logger LOG = Logger.getLogger(SnapshotKeeper.class);

  private final LiveSessions live;
  private final StoredSnapshots snapshots;
  private final long largest;

  /** States are large: one at a time is in memory. */
  private final ReentrantLock turn = new ReentrantLock();

  SnapshotKeeper(LiveSessions live, StoredSnapshots snapshots, SessionConfig config) {
    this.live = live;
    this.snapshots = snapshots;
    this.largest = config.snapshots().largest();
  }

  /**
   * Stores what Redis has now, whenever the event happened; so an event told twice does no harm.
   */
  public void onEvent(SessionEvent event) {
    switch (event) {
      case SessionEvent.Active active -> keepIfNew(active);
      case SessionEvent.Ended ended -> keep(ended, Optional.empty());
      case SessionEvent.Started started -> {}
      case SessionEvent.Linked linked -> {}
    }
  }

  private void keepIfNew(SessionEvent.Active event) {
    Optional<String> version = live.snapshotVersion(event.sessionId());
    if (version.isPresent() && !snapshots.has(event.sessionId(), version.get())) {
      keep(event, version);
    }
  }

  private void keep(SessionEvent event, Optional<String> version) {
    SessionId session = event.sessionId();
    long bytes = live.snapshotBytes(session);
    if (bytes > largest) {
      LOG.warnf("the state of session %s has %d bytes and is not kept", session, bytes);
      return;
    }
    turn.lock();
    try {
      live.snapshot(session)
          .ifPresent(
              found -> snapshots.store(session, event.epoch(), version.orElse(null), state(found)));
    } finally {
      turn.unlock();
    }
  }

  private static KeptState state(StoredSnapshot found) {
    return new KeptState(found.event(), found.overlay());
  }
}
