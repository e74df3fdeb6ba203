package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.platform.live.SessionField;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Writes the records of owned sessions again when Redis has lost them: their workers are connected
 * and know nothing of it.
 */
@Startup
@Singleton
class SessionRestoration {
  private static final Logger LOG = Logger.getLogger(SessionRestoration.class);

  private final SessionRecords records;
  private final OwnedSessions owned;
  private final SessionAnnouncements announcements;

  SessionRestoration(
      SessionRecords records,
      OwnedSessions owned,
      SessionAnnouncements announcements,
      RedisMemory memory) {
    this.records = records;
    this.owned = owned;
    this.announcements = announcements;
    memory.onLoss(this::restoreAll);
  }

  private void restoreAll() {
    owned
        .all()
        .forEach(session -> session.worker().context().runOnContext(turn -> restore(session)));
  }

  /** On the session's event loop. Fails when Redis is away again. */
  Future<Void> restore(OwnedSession session) {
    if (session.isOver()) {
      return Future.succeededFuture();
    }
    Map<SessionField, String> fields = new EnumMap<>(session.record());
    fields.put(SessionField.SEQ, Long.toString(session.storedSeq()));
    return records
        .restore(session, fields)
        .onSuccess(
            still -> {
              if (still) {
                announcements.restored(session.id());
              } else {
                session.worker().context().runOnContext(turn -> owned.lost(session));
              }
            })
        .onFailure(
            failure ->
                LOG.warnf(
                    "The record of session %s cannot be written again yet: %s",
                    session.id(), failure.getMessage()))
        .mapEmpty();
  }
}
