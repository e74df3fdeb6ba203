package dev.agentrelay.e2e.story;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.wire.Frame;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.Json;
import java.net.URI;
import java.util.List;
import org.json.JSONObject;

/** A browser on {@code /hub} and {@code /viewer}, and how a story reads what it was told. */
final class RecordedBrowser {
  static final String HUB = "/hub";
  static final String VIEWER = "/viewer";

  private final WireClient wire;

  RecordedBrowser(URI relay) {
    wire = WireClient.connect(relay);
  }

  WireClient wire() {
    return wire;
  }

  /** Opens a session, seen. */
  void view(Account person, String session) {
    wire.join(VIEWER, WireClient.browserAuth(person.apiKey()));
    wire.emit(VIEWER, "switch_session", Json.object("sessionId", session, "generation", 1));
    wire.emit(VIEWER, "viewer_visibility", Json.object("visible", true));
  }

  /** What has come in one namespace. */
  List<Frame> framesOf(String namespace) {
    return wire.frames().stream().filter(frame -> frame.head().endsWith(namespace)).toList();
  }

  /** Waits for the meta state of that version. */
  void awaitMeta(String event, int version) {
    wire.await(frame -> frame.is(HUB, event) && versionOf(frame) == version);
  }

  /** The hub's meta frames with their versions, in order. */
  List<String> metaVersions() {
    return wire.frames().stream()
        .filter(frame -> frame.is(HUB, "state_snapshot") || frame.is(HUB, "meta_event"))
        .map(frame -> frame.event() + " " + versionOf(frame))
        .toList();
  }

  private static int versionOf(Frame frame) {
    JSONObject payload = frame.payload();
    JSONObject state = payload.optJSONObject("state");
    return frame.is(HUB, "state_snapshot") && state != null
        ? state.getInt("version")
        : payload.getInt("version");
  }

  /** The number of a viewer event; -1 for what has none. */
  static long seqOf(Frame frame) {
    return frame.payload().optLong("seq", -1);
  }

  /** Number and type of a viewer event. */
  static String numbered(JSONObject envelope) {
    return envelope.getLong("seq") + " " + envelope.getJSONObject("event").getString("type");
  }
}
