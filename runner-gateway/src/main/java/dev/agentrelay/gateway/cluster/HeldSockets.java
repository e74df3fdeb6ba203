package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.Question;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Judges whether a socket that live state tells of is still connected to its replica. */
@Singleton
public class HeldSockets {
  private final Presence presence;
  private final ReplicaMail mail;

  HeldSockets(Presence presence, ReplicaMail mail) {
    this.presence = presence;
    this.mail = mail;
  }

  /**
   * Whether the replica holds the socket, or may hold it. Fails when Redis is away.
   *
   * @param question asks for it; refused by a replica that does not have it
   */
  public Future<Boolean> mayBeHeld(ReplicaId replica, Question question) {
    return isHeld(replica, question, true);
  }

  /** Whether the replica runs and holds such a socket. Fails when Redis is away. */
  public Future<Boolean> isHeld(ReplicaId replica, Question question) {
    return isHeld(replica, question, false);
  }

  private Future<Boolean> isHeld(ReplicaId replica, Question question, boolean whileMissing) {
    return presence
        .of(replica)
        .compose(
            state ->
                switch (state) {
                  case GONE -> Future.succeededFuture(false);
                  case MISSING -> Future.succeededFuture(whileMissing);
                  // it may have come back under its name without the sockets it had
                  case RUNNING ->
                      mail.ask(replica, question, null, Duration.ZERO)
                          .map(reply -> reply.outcome() != Outcome.REFUSED);
                });
  }
}
