package dev.agentrelay.gateway;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.List;
import java.util.function.Predicate;
import org.json.JSONArray;
import org.json.JSONObject;

/** A session whose worker says exactly what a test has it say, and its viewers. */
final class BareSession {
  private final GatewayTest test;
  final String id;
  final RelaySocket worker;
  final String token;
  private long sent;

  private BareSession(GatewayTest test, String id, RelaySocket worker, String token) {
    this.test = test;
    this.id = id;
    this.worker = worker;
    this.token = token;
  }

  static BareSession register(GatewayTest test, String id) {
    return register(test, id, Json.object("sessionId", id, "cwd", "/src"));
  }

  /** One that lives on without signs of life. */
  static BareSession registerLasting(GatewayTest test, String id) {
    return register(test, id, Json.object("sessionId", id, "cwd", "/src", "ephemeral", false));
  }

  static BareSession register(GatewayTest test, String id, JSONObject registration) {
    return register(test, test.mine(), id, registration);
  }

  /** The worker of somebody else's session. */
  static BareSession registerAs(GatewayTest test, String someone, String id) {
    return register(test, test.as(someone), id, Json.object("sessionId", id, "cwd", "/src"));
  }

  private static BareSession register(
      GatewayTest test, ClientOptions options, String id, JSONObject registration) {
    RelaySocket worker = test.socket(options, "/relay").connect().awaitConnected();
    worker.emit("register", registration);
    return new BareSession(
        test, id, worker, worker.await("registered").payload().getString("token"));
  }

  /** Sends an event with the worker's next number. */
  long send(JSONObject event) {
    sent++;
    worker.emit("event", Json.object("sessionId", id, "token", token, "event", event, "seq", sent));
    return sent;
  }

  /** Sends the worker's next number without an event. */
  long sendNothing() {
    sent++;
    worker.emit("event", Json.object("sessionId", id, "token", token, "seq", sent));
    return sent;
  }

  /** The numbers that were acknowledged, in the order of their acknowledgements. */
  List<Long> acknowledged() {
    return worker.inbox().all().stream()
        .filter(received -> received.is("event_ack"))
        .map(received -> received.payload().getLong("seq"))
        .toList();
  }

  /** Sends an event and waits until it is stored. */
  void sendStored(JSONObject event) {
    awaitStored(send(event));
  }

  /** Waits until that event is stored, by its number. */
  void awaitStored(long seq) {
    worker
        .inbox()
        .await(
            received -> received.is("event_ack") && received.payload().getLong("seq") >= seq,
            GatewayTest.LIMIT);
  }

  /** Says goodbye for good. */
  void end() {
    worker.emit("session_end", Json.object("sessionId", id, "token", token));
  }

  /** A viewer that has been greeted. */
  RelaySocket view() {
    RelaySocket viewer = test.socket(test.mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", id, "generation", 1));
    viewer.await("connected");
    return viewer;
  }

  /** The first envelope with an event of that type. */
  static JSONObject envelope(RelaySocket viewer, String type) {
    return envelope(viewer, event -> event.optString("type").equals(type));
  }

  static JSONObject envelope(RelaySocket viewer, Predicate<JSONObject> wanted) {
    return viewer
        .inbox()
        .await(
            received ->
                received.is("event") && wanted.test(received.payload().getJSONObject("event")),
            GatewayTest.LIMIT)
        .payload();
  }

  /** Every envelope so far. */
  static List<JSONObject> envelopes(RelaySocket viewer) {
    return viewer.inbox().all().stream()
        .filter(received -> received.is("event"))
        .map(Received::payload)
        .toList();
  }

  static JSONObject snapshot(JSONArray messages) {
    return Json.object(
        "type", "session_active", "state", Json.object("messages", messages, "cwd", "/src"));
  }
}
