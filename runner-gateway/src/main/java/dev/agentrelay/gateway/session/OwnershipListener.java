package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.ring.RingWriter;
import dev.agentrelay.platform.live.SessionField;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Draws the consequences of what Redis answers to the owner of a session. Confined to the owner's
 * event loop.
 */
final class OwnershipListener implements RingWriter.Listener {
  private static final Logger LOG = Logger.getLogger(OwnershipListener.class);

  private final OwnedSession session;
  private final Map<SessionField, String> registered;
  private final OwnedSessions owned;
  private final SessionRecords records;
  private final SessionAudience audience;

  OwnershipListener(
      OwnedSession session,
      Map<SessionField, String> registered,
      OwnedSessions owned,
      SessionRecords records,
      SessionAudience audience) {
    this.audience = audience;
    this.session = session;
    this.registered = registered;
    this.owned = owned;
    this.records = records;
  }

  @Override
  public void fenced() {
    LOG.infof("Session %s is owned elsewhere now; epoch %d is over", session.id(), session.epoch());
    owned.remove(session);
    session.end();
  }

  @Override
  public Future<Void> restore() {
    LOG.warnf("Redis has lost the record of session %s; writing it again", session.id());
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    fields.putAll(registered);
    fields.put(SessionField.META, session.meta.toJson().toString());
    fields.put(SessionField.OVERLAY, session.overlay.toJson().toString());
    fields.put(SessionField.ACTIVE, session.busyness.active ? "1" : "0");
    fields.put(SessionField.SEQ, Long.toString(session.storedSeq()));
    return records.restore(session, fields);
  }

  @Override
  public void watchedElsewhere(long replicas) {
    session.deltas.counted(audience.localViewers(session.id()), replicas, System.nanoTime());
  }

  @Override
  public void pressure(boolean high) {
    if (high) {
      session.worker().pauseReading();
    } else {
      session.worker().resumeReading();
    }
  }
}
