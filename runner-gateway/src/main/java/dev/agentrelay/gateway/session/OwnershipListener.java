package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.ring.RingWriter;
import io.vertx.core.Future;
import org.jboss.logging.Logger;

/**
 * Draws the consequences of what Redis answers to the owner of a session. Confined to the owner's
 * event loop.
 */
final class OwnershipListener implements RingWriter.Listener {
  private static final Logger LOG = Logger.getLogger(OwnershipListener.class);

  private final OwnedSession session;
  private final OwnedSessions owned;
  private final SessionRestoration restoration;
  private final SessionAudience audience;

  OwnershipListener(
      OwnedSession session,
      OwnedSessions owned,
      SessionRestoration restoration,
      SessionAudience audience) {
    this.session = session;
    this.owned = owned;
    this.restoration = restoration;
    this.audience = audience;
  }

  @Override
  public void fenced() {
    owned.lost(session);
  }

  @Override
  public Future<Void> restore() {
    LOG.warnf("Redis has lost the record of session %s; writing it again", session.id());
    return restoration.restore(session);
  }

  @Override
  public void watchedElsewhere(long replicas) {
    session.deltas.counted(audience.localViewers(session.id()), replicas, System.nanoTime());
  }

  @Override
  public void pressure(boolean high) {
    if (high) {
      session.pause(OwnedSession.Pause.BACKLOG);
    } else {
      session.resume(OwnedSession.Pause.BACKLOG);
    }
  }
}
