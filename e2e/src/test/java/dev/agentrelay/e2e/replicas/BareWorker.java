package dev.agentrelay.e2e.replicas;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A worker's socket that says exactly what a test has it say. */
final class BareWorker implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(45);

  private final String id;
  private final RelaySocket socket;
  private final JSONObject registered;
  private long sent;

  private BareWorker(String id, RelaySocket socket, JSONObject registered) {
    this.id = id;
    this.socket = socket;
    this.registered = registered;
  }

  static BareWorker register(ClientOptions at, String id, @Nullable String parent) {
    RelaySocket socket =
        new RelaySocket(at, "/relay", Map.of("apiKey", Objects.requireNonNull(at.apiKey())));
    socket.connect().awaitConnected();
    JSONObject registration = Json.object("sessionId", id, "cwd", "/src");
    if (parent != null) {
      registration.put("parentSessionId", parent);
    }
    socket.emit("register", registration);
    return new BareWorker(id, socket, socket.await("registered").payload());
  }

  String id() {
    return id;
  }

  RelaySocket socket() {
    return socket;
  }

  JSONObject registered() {
    return registered;
  }

  /** Sends something with the session's token. */
  void say(String event, @Nullable Object... namesAndValues) {
    socket.emit(event, withToken(namesAndValues));
  }

  /** What the relay acknowledges with. */
  JSONObject ask(String event, @Nullable Object... namesAndValues) {
    return (JSONObject)
        socket
            .emitWithAck(event, withToken(namesAndValues))
            .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
            .join()[0];
  }

  /** Sends an event under the worker's next number. */
  long send(JSONObject event) {
    say("event", "sessionId", id, "event", event, "seq", ++sent);
    return sent;
  }

  void awaitAcked(long seq) {
    socket
        .inbox()
        .await(
            received -> received.is("event_ack") && received.payload().getLong("seq") >= seq,
            LIMIT);
  }

  Received await(String event) {
    return socket.inbox().await(received -> received.is(event), LIMIT);
  }

  @Override
  public void close() {
    socket.close();
  }

  private JSONObject withToken(@Nullable Object... namesAndValues) {
    return Json.object(namesAndValues).put("token", registered.getString("token"));
  }
}
