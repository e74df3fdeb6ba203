package dev.agentrelay.testkit.clients;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A browser's {@code /hub} socket (sockets.md 3.4): the list of sessions as the feed builds it, and
 * the meta state of those subscribed to, also after a connection was lost. Thread-safe.
 */
public final class ScriptedHub implements AutoCloseable {
  private final ClientOptions options;
  private final RelaySocket socket;
  private final Map<String, JSONObject> sessions = new ConcurrentHashMap<>();
  private final Set<String> followed = ConcurrentHashMap.newKeySet();

  ScriptedHub(ClientOptions options, RelaySocket socket) {
    this.options = options;
    this.socket = socket;
    socket
        // as browsers do, since what was asked on a lost connection is lost with it
        .on("connect", anew -> followed.forEach(this::askForMeta))
        .on("sessions", list -> replace(Json.arrayAt(list.payload(), "sessions")))
        .on("session_added", added -> put(added.payload()))
        .on("session_status", status -> patch(status.payload()))
        .on(
            "session_removed",
            removed -> sessions.remove(removed.payload().optString("sessionId")));
    socket.connect();
  }

  /** A hub socket on a connection of its own, with its first list. */
  public static ScriptedHub connect(ClientOptions options) {
    ScriptedHub hub =
        new ScriptedHub(
            options,
            new RelaySocket(options, "/hub", ScriptedViewer.browserAuth(options.apiKey())));
    hub.socket.awaitConnected();
    hub.socket.await("sessions");
    return hub;
  }

  /** The live sessions by id, as the feed tells so far. */
  public Map<String, JSONObject> sessions() {
    return Map.copyOf(sessions);
  }

  public @Nullable JSONObject session(String sessionId) {
    return sessions.get(sessionId);
  }

  /** Waits for the first feed event of that name about a session. */
  public JSONObject await(String event, String sessionId) {
    return inbox()
        .await(r -> r.is(event) && sessionId.equals(r.text("sessionId")), options.limit())
        .payload();
  }

  /** Subscribes to a session's meta state and gives the snapshot that answers. */
  public JSONObject subscribeMeta(String sessionId) {
    long mark = inbox().mark();
    followed.add(sessionId);
    askForMeta(sessionId);
    return Json.objectAt(
        inbox()
            .awaitAfter(
                mark,
                r -> r.is("state_snapshot") && sessionId.equals(r.text("sessionId")),
                options.limit())
            .payload(),
        "state");
  }

  public void unsubscribeMeta(String sessionId) {
    followed.remove(sessionId);
    socket.emit("unsubscribe_session_meta", Json.object("sessionId", sessionId));
  }

  public RelaySocket socket() {
    return socket;
  }

  public Inbox<Received> inbox() {
    return socket.inbox();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void askForMeta(String sessionId) {
    socket.emit("subscribe_session_meta", Json.object("sessionId", sessionId));
  }

  private void replace(JSONArray list) {
    sessions.clear();
    for (int i = 0; i < list.length(); i++) {
      JSONObject session = list.optJSONObject(i);
      if (session != null) {
        put(session);
      }
    }
  }

  private void put(JSONObject session) {
    sessions.put(session.optString("sessionId"), session);
  }

  /** Members that a status leaves out are unchanged. */
  private void patch(JSONObject status) {
    sessions.computeIfPresent(
        status.optString("sessionId"),
        (id, known) -> {
          JSONObject merged = Json.parse(known.toString());
          JSONArray names = status.names();
          for (int i = 0; names != null && i < names.length(); i++) {
            String name = names.optString(i);
            Json.put(merged, name, status.opt(name));
          }
          return merged;
        });
  }
}
