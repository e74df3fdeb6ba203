package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static dev.agentrelay.gateway.BareSession.envelopes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.ChunkedSnapshot;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Transcripts that are stored in pieces, and events that others see as large as they are. */
@QuarkusTest
class LargeSnapshotTest extends GatewayTest {
  private static final int MESSAGES = 20;
  private static final String TEXT = "ü".repeat(40_000);

  private final String id = UUID.randomUUID().toString();

  @Inject Redis redis;
  @Inject LiveStateReader live;

  @Test
  void oneThatCameWholeIsThereForWhoeverComesLater() {
    BareSession session = BareSession.register(this, id);
    RelaySocket watching = session.view();
    session.send(BareSession.snapshot(messages("a")));
    session.sendStored(Json.object("type", "turn_start"));
    assertThat(envelope(watching, "session_active").getLong("seq")).isEqualTo(1);
    assertThat(texts(watching)).isEqualTo(expected("a"));

    RelaySocket late = session.view();
    assertThat(texts(late)).isEqualTo(expected("a"));
    assertThat(envelope(late, "session_active").has("seq")).isFalse();
    assertThat(envelope(late, "turn_start").getLong("seq")).isEqualTo(2);

    // whoever has seen the snapshot needs but what came after it, and who was away before needs all
    RelaySocket returning = open(1);
    assertThat(envelope(returning, "turn_start").getLong("seq")).isEqualTo(2);
    assertThat(envelopes(returning)).hasSize(1);
    long bytes = live.snapshotBytes(new SessionId(id)).await().atMost(LIMIT);
    var kept = live.snapshot(new SessionId(id)).await().atMost(LIMIT).orElseThrow();
    assertThat(kept.event()).hasSize((int) bytes);
  }

  @Test
  void aViewerIsGivenSoMuchAtOnceAndPagesIntoTheRest() {
    BareSession session = BareSession.register(this, id);
    JSONArray messages = new JSONArray();
    IntStream.range(0, 10)
        .forEach(n -> messages.put(Json.object("content", n + "m".repeat(1 << 20))));
    session.send(BareSession.snapshot(messages));
    session.sendStored(Json.object("type", "turn_start"));
    RelaySocket viewer = session.view();
    JSONObject state =
        envelope(viewer, "session_active").getJSONObject("event").getJSONObject("state");
    assertThat(state.getJSONArray("messages").length()).isEqualTo(7);
    assertThat(state.getInt("totalMessages")).isEqualTo(10);
    assertThat(state.getInt("oldestLoadedIndex")).isEqualTo(3);
    assertThat(state.getBoolean("hasMore")).isTrue();
    viewer.emit("load_messages", Json.object("sessionId", id, "before", 3, "limit", 50));
    JSONObject page = viewer.await("session_messages_page").payload();
    assertThat(page.getJSONArray("messages").length()).isEqualTo(3);
    assertThat(page.getInt("oldestIndex")).isZero();

    // all of it for whoever comes back: too much for one frame, so the worker says it in chunks
    RelaySocket returning = open(0);
    returning.await("connected");
    returning.emit("connected", new JSONObject());
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
  }

  @Test
  void aNewerOneTakesThePlaceOfAllPieces() {
    BareSession session = BareSession.register(this, id);
    session.send(BareSession.snapshot(messages("a")));
    session.send(BareSession.snapshot(messages("b")));
    session.sendStored(Json.object("type", "turn_start"));
    assertThat(pieceKeys()).hasSize(1);
    assertThat(texts(session.view())).isEqualTo(expected("b"));
    session.sendStored(BareSession.snapshot(new JSONArray().put(Json.object("content", "small"))));
    assertThat(pieceKeys()).isEmpty();
    assertThat(texts(session.view())).isEqualTo(List.of("small"));
  }

  @Test
  void aRunThatEndsWithAllItsMessagesIsStoredInPiecesToo() {
    BareSession session = BareSession.register(this, id);
    session.sendStored(Json.object("type", "agent_end", "messages", messages("a")));
    assertThat(pieceKeys()).hasSize(1);
    JSONObject shown = envelope(session.view(), "agent_end").getJSONObject("event");
    assertThat(contents(shown.getJSONArray("messages"))).isEqualTo(expected("a"));
  }

  @Test
  void chunksThatStoppedComingHoldNobodyUp() {
    BareSession session = BareSession.register(this, id);
    session.send(BareSession.snapshot(messages("a")));
    session.send(header(2 * MESSAGES));
    session.sendStored(chunk(0, messages("b")));
    long longAgo = System.currentTimeMillis() - 1_000;
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.session(new SessionId(id)))
            .arg(SessionField.CHUNKS_UNTIL.key())
            .arg(longAgo));
    RelaySocket viewer = session.view();
    assertThat(texts(viewer)).isEqualTo(expected("a"));
    assertThat(session.worker.await("connected").text("recoveryNonce")).isNotBlank();
    // they are not forgotten
    session.sendStored(chunk(1, messages("c")));
    RelaySocket late = session.view();
    assertThat(texts(late)).hasSize(2 * MESSAGES);
  }

  @Test
  void aReplicaThatBeginsToWatchIsToldLargeChunksInOrder() {
    BareSession session = BareSession.register(this, id);
    session.sendStored(header(2 * MESSAGES));
    Queue<String> heard = listenLikeAnotherReplica();
    session.send(chunk(0, messages("a")));
    session.send(chunk(1, messages("b")));
    session.sendStored(Json.object("type", "turn_start"));
    await().atMost(LIMIT).until(() -> heard.size() == 3);
    List<JSONObject> told =
        heard.stream().map(text -> new JSONObject(text.substring(text.indexOf('{')))).toList();
    assertThat(told).extracting(envelope -> envelope.getLong("seq")).containsExactly(2L, 3L, 4L);
    JSONArray last = told.get(1).getJSONObject("event").getJSONArray("messages");
    assertThat(contents(last)).isEqualTo(expected("b"));
  }

  /** What is said in the session's room on the channel that replicas listen to. */
  private Queue<String> listenLikeAnotherReplica() {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    CompletableFuture<Boolean> listening = new CompletableFuture<>();
    RedisConnection connection = redis.connect().toCompletionStage().toCompletableFuture().join();
    open((AutoCloseable) connection::close);
    connection.handler(
        message -> {
          if (message.get(0).toString().equals("message")) {
            heard.add(message.get(2).toString());
          } else {
            listening.complete(true);
          }
        });
    connection.send(
        Request.cmd(Command.SUBSCRIBE).arg(LiveKeys.roomChannel("/viewer", "session:" + id)));
    assertThat(listening).succeedsWithin(LIMIT);
    return heard;
  }

  private RelaySocket open(long lastSeq) {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit(
        "switch_session", Json.object("sessionId", id, "generation", 1, "lastSeq", lastSeq));
    return viewer;
  }

  private List<String> pieceKeys() {
    String pattern = LiveKeys.snapshotBody(new SessionId(id), "*");
    return send(Request.cmd(Command.KEYS).arg(pattern)).stream().map(Response::toString).toList();
  }

  private Response send(Request request) {
    return redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  private static JSONArray messages(String mark) {
    JSONArray messages = new JSONArray();
    IntStream.range(0, MESSAGES)
        .forEach(n -> messages.put(Json.object("role", "user", "content", mark + n + TEXT)));
    return messages;
  }

  private static List<String> expected(String mark) {
    return IntStream.range(0, MESSAGES).mapToObj(n -> mark + n + TEXT).toList();
  }

  private static List<String> texts(RelaySocket viewer) {
    JSONObject event = envelope(viewer, "session_active").getJSONObject("event");
    return contents(event.getJSONObject("state").getJSONArray("messages"));
  }

  private static List<String> contents(JSONArray messages) {
    return messages.toList().stream()
        .map(message -> (String) ((Map<?, ?>) message).get("content"))
        .toList();
  }

  private static JSONObject header(int total) {
    return Json.object(
        "type",
        "session_active",
        "state",
        Json.object(
            "messages",
            new JSONArray(),
            "chunked",
            true,
            "snapshotId",
            "s",
            "totalMessages",
            total));
  }

  private static JSONObject chunk(int index, JSONArray messages) {
    return ChunkedSnapshot.chunk("s", index, 2, messages);
  }
}
