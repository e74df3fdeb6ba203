package dev.agentrelay.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.gateway.Member;
import dev.agentrelay.testkit.clients.ChunkedSnapshot;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Workers and daemons that turn up on another gateway (sockets.md 4.1, 4.3, 4.4.4, 6). */
class MovesIT extends TwoReplicas {
  @Test
  void aSnapshotInChunksHoldsBackViewersElsewhereAndIsForgottenWithItsGateway() {
    Member worker = worker("one", null);
    say(worker, whole("old"), header(), chunk(0, "half"));
    RelaySocket viewer = viewer("other", worker.id());
    viewer.emit("resync", new JSONObject());
    viewer.emit("resync", Json.object("lastSeq", 1));
    viewer.emit("connected", new JSONObject());
    // nothing that is stored is shown: the worker is asked instead
    assertThat(worker.socket().await("connected").text("recoveryNonce")).isNotBlank();
    assertThat(viewer.inbox().all()).noneMatch(event -> event.is("event"));

    gateways.kill("one");
    worker.socket().kill();
    Member again = worker("other", worker.id(), null);
    assertThat(viewer.await("disconnected").text("code")).isEqualTo("session_reconnected");
    say(again, chunk(1, "half"), whole("new"));
    assertThat(messages(viewer("other", worker.id()))).containsExactly("new");
  }

  @Test
  void theNewestOfTwoDaemonsIsTheRunnerWhereverTheOtherIs() throws Exception {
    RelaySocket former = daemon("one");
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(at("one")));
    RelaySocket newest = daemon("other");
    CompletableFuture<String> files =
        CompletableFuture.supplyAsync(
            () ->
                new RelayClient(at("one"))
                    .exchange(
                        "POST", "/api/runners/" + runner() + "/files", Json.object("path", "/src"))
                    .body());
    Received asked = newest.await("list_files");
    answer(former, asked, "forged");
    // what the former says next is handled behind its answer
    former.emit("runner_warning", Json.object("message", "not heard"));
    answer(newest, asked, "true");
    assertThat(files.get()).contains("true").doesNotContain("forged");
    former.close();
    newest.emit("runner_warning", Json.object("message", "still here"));
    feed.inbox()
        .await(
            event ->
                event.is("runner_updated") && event.payload().toString().contains("still here"),
            LIMIT);
    assertThat(feed.inbox().all())
        .noneMatch(
            event ->
                event.is("runner_removed") || event.payload().toString().contains("not heard"));
  }

  /** Sends events and waits until all of them are stored. */
  private static void say(Member worker, JSONObject... events) {
    for (int seq = 1; seq <= events.length; seq++) {
      worker.send("event", "sessionId", worker.id(), "event", events[seq - 1], "seq", seq);
    }
    worker
        .socket()
        .inbox()
        .await(
            event -> event.is("event_ack") && event.payload().getInt("seq") == events.length,
            LIMIT);
  }

  private static void answer(RelaySocket daemon, Received asked, String files) {
    daemon.emit(
        "file_result",
        Json.object("requestId", asked.text("requestId"), "ok", true, "files", Json.array(files)));
  }

  private static List<Object> messages(RelaySocket viewer) {
    return viewer
        .inbox()
        .await(MovesIT::isSnapshot, LIMIT)
        .payload()
        .getJSONObject("event")
        .getJSONObject("state")
        .getJSONArray("messages")
        .toList();
  }

  private static boolean isSnapshot(Received event) {
    return event.is("event")
        && event.payload().getJSONObject("event").optString("type").equals("session_active");
  }

  private static JSONObject whole(String message) {
    return Json.object(
        "type", "session_active", "state", Json.object("messages", Json.array(message)));
  }

  private static JSONObject header() {
    JSONObject state =
        Json.object(
            "messages", new JSONArray(), "chunked", true, "snapshotId", "s", "totalMessages", 2);
    return Json.object("type", "session_active", "state", state);
  }

  private static JSONObject chunk(int index, String message) {
    return ChunkedSnapshot.chunk("s", index, 2, Json.array(message));
  }
}
