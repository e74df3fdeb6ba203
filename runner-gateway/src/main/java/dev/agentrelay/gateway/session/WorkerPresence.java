package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.cluster.HeldSockets;
import dev.agentrelay.gateway.cluster.Mail.Holds;
import dev.agentrelay.platform.live.LiveSession;
import io.vertx.core.Future;
import jakarta.inject.Singleton;

/** Judges whether the worker of a session is connected anywhere in the cluster. */
@Singleton
public class WorkerPresence {
  private final HeldSockets sockets;

  WorkerPresence(HeldSockets sockets) {
    this.sockets = sockets;
  }

  /** Whether some replica holds the worker, or may hold it. Fails when Redis is away. */
  public Future<Boolean> mayBeHeld(LiveSession session) {
    return sockets.mayBeHeld(session.replica(), new Holds(session.sessionId(), session.epoch()));
  }
}
