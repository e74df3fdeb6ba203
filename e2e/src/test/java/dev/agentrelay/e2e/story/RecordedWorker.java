package dev.agentrelay.e2e.story;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.Json;
import java.net.URI;
import org.json.JSONObject;

/** A worker on {@code /relay} that sends one event after the other, as the test says. */
final class RecordedWorker {
  static final String NAMESPACE = "/relay";

  private final WireClient wire;
  private final String sessionId;
  private final JSONObject registered;
  private long seq;

  private RecordedWorker(WireClient wire, String sessionId, JSONObject registered) {
    this.wire = wire;
    this.sessionId = sessionId;
    this.registered = registered;
  }

  /** Connects and registers as generation 0.5.7 does. */
  static RecordedWorker register(URI relay, Account owner, String sessionId) {
    WireClient wire = WireClient.connect(relay);
    wire.join(NAMESPACE, Json.object("apiKey", owner.apiKey(), "protocolVersion", 1));
    wire.emit(
        NAMESPACE,
        "register",
        Json.object(
            "sessionId",
            sessionId,
            "cwd",
            "/home/dev/work",
            "ephemeral",
            true,
            "collabMode",
            true,
            "sessionFile",
            sessionFile(sessionId)));
    return new RecordedWorker(wire, sessionId, wire.await(NAMESPACE, "registered"));
  }

  static String sessionFile(String sessionId) {
    return "/home/dev/.sessions/" + sessionId + ".jsonl";
  }

  WireClient wire() {
    return wire;
  }

  /** The server's {@code registered}. */
  JSONObject registered() {
    return registered;
  }

  /** Sends one event and waits for its acknowledgement; gives the worker's own number. */
  long send(String event) {
    long number = ++seq;
    wire.emit(
        NAMESPACE,
        "event",
        Json.object(
            "sessionId",
            sessionId,
            "token",
            registered.optString("token"),
            "event",
            Json.parse(event),
            "seq",
            number));
    JSONObject ack =
        wire.await(
                frame ->
                    frame.is(NAMESPACE, "event_ack") && frame.payload().optLong("seq") == number)
            .payload();
    if (!sessionId.equals(ack.optString("sessionId"))) {
      throw new AssertionError("event_ack for another session: " + ack);
    }
    return number;
  }

  /** Sends each event in order. */
  void sendAll(String... events) {
    for (String event : events) {
      send(event);
    }
  }

  /** Sends the streaming delta number {@code from} up to and including {@code to}. */
  void sendDeltas(int from, int to) {
    for (int word = from; word <= to; word++) {
      send(RecordedEvents.delta("text_delta", word));
    }
  }

  void emit(String event, JSONObject payload) {
    wire.emit(NAMESPACE, event, payload);
  }

  /** Says goodbye for good and closes, as a worker that reloads does. */
  void endSession() {
    emit(
        "session_end", Json.object("sessionId", sessionId, "token", registered.optString("token")));
    wire.send("41" + NAMESPACE + ",");
  }
}
