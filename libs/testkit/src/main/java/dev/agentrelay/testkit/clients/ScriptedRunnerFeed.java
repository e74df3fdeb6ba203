package dev.agentrelay.testkit.clients;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * A browser's {@code /runners} socket (sockets.md 3.5): the list of runners as the feed builds it.
 * Thread-safe.
 */
public final class ScriptedRunnerFeed implements AutoCloseable {
  private final ClientOptions options;
  private final RelaySocket socket;
  private final Map<String, JSONObject> runners = new ConcurrentHashMap<>();

  ScriptedRunnerFeed(ClientOptions options, RelaySocket socket) {
    this.options = options;
    this.socket = socket;
    socket
        .on("runners", list -> replace(Json.arrayAt(list.payload(), "runners")))
        .on("runner_added", added -> put(added.payload()))
        .on("runner_updated", updated -> put(updated.payload()))
        .on("runner_removed", removed -> runners.remove(removed.payload().optString("runnerId")));
    socket.connect();
  }

  /** A feed on a connection of its own, with its first list. */
  public static ScriptedRunnerFeed connect(ClientOptions options) {
    ScriptedRunnerFeed feed =
        new ScriptedRunnerFeed(
            options,
            new RelaySocket(options, "/runners", ScriptedViewer.browserAuth(options.apiKey())));
    feed.socket.awaitConnected();
    feed.socket.await("runners");
    return feed;
  }

  /** The registered runners by id, as the feed tells so far. */
  public Map<String, JSONObject> runners() {
    return Map.copyOf(runners);
  }

  /** Waits for the first feed event of that name about a runner. */
  public JSONObject await(String event, String runnerId) {
    return inbox()
        .await(r -> r.is(event) && runnerId.equals(r.text("runnerId")), options.limit())
        .payload();
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

  private void replace(JSONArray list) {
    runners.clear();
    for (int i = 0; i < list.length(); i++) {
      JSONObject runner = list.optJSONObject(i);
      if (runner != null) {
        put(runner);
      }
    }
  }

  private void put(JSONObject runner) {
    runners.put(runner.optString("runnerId"), runner);
  }
}
