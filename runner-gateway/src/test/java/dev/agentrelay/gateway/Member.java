package dev.agentrelay.gateway;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A registered worker on a bare socket, to whom others are parents and children.
 *
 * @param registered what it was answered
 */
public record Member(String id, RelaySocket socket, JSONObject registered) {
  private static final long LIMIT_SECONDS = 45;

  /** Waits until the socket's registration is answered. */
  public static Member registered(RelaySocket socket) {
    JSONObject registered = socket.await("registered").payload();
    return new Member(registered.getString("sessionId"), socket, registered);
  }

  JSONObject withToken(@Nullable Object... namesAndValues) {
    return Json.object(namesAndValues).put("token", registered.getString("token"));
  }

  public void send(String event, @Nullable Object... namesAndValues) {
    socket.emit(event, withToken(namesAndValues));
  }

  /** The first argument of the acknowledgement. */
  public JSONObject ask(String event, @Nullable Object... namesAndValues) {
    Object[] answer =
        socket
            .emitWithAck(event, withToken(namesAndValues))
            .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
            .join();
    return (JSONObject) answer[0];
  }
}
