package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.Socket;
import java.util.UUID;

/**
 * A daemon's socket after its registration.
 *
 * @param connection names this registration; a record that names another belongs to a newer one
 */
public record RunnerConnection(RunnerId id, Caller owner, Socket socket, String connection) {
  static RunnerConnection of(RunnerId id, Caller owner, Socket socket) {
    return new RunnerConnection(id, owner, socket, UUID.randomUUID().toString());
  }
}
