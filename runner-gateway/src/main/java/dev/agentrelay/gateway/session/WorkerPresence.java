package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.cluster.Mail.Holds;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Presence;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.platform.live.LiveSession;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Judges whether the worker of a session is connected anywhere in the cluster. */
@Singleton
public class WorkerPresence {
  private final Presence presence;
  private final ReplicaMail mail;

  WorkerPresence(Presence presence, ReplicaMail mail) {
    this.presence = presence;
    this.mail = mail;
  }

  /** Whether some replica holds the worker, or may hold it. Fails when Redis is away. */
  public Future<Boolean> mayBeHeld(LiveSession session) {
    return presence
        .of(session.replica())
        .compose(
            state ->
                switch (state) {
                  case GONE -> Future.succeededFuture(false);
                  case MISSING -> Future.succeededFuture(true);
                  // it may have come back under its name without the sockets it had
                  case RUNNING ->
                      mail.ask(
                              session.replica(),
                              new Holds(session.sessionId(), session.epoch()),
                              null,
                              Duration.ZERO)
                          .map(reply -> reply.outcome() != Outcome.REFUSED);
                });
  }
}
