package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A live session whose replica has crashed, so that nobody reaches its worker (sockets.md 4.5). */
@QuarkusTest
@QuarkusTestResource(TestingSessionService.class)
class AbsentWorkerTest extends FamilyTest {
  private final String id = UUID.randomUUID().toString();

  @Inject Redis redis;

  @BeforeEach
  void leaveARecordBehind() {
    leaveARecordBehind(id);
  }

  private void leaveARecordBehind(String left) {
    SessionId session = new SessionId(left);
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(session));
    Map.of(
            SessionField.USER_ID, user,
            SessionField.REPLICA, "crashed",
            SessionField.EPOCH, "1",
            SessionField.COLLAB, "1",
            SessionField.STARTED_AT, Long.toString(System.currentTimeMillis()),
            SessionField.HEARTBEAT_AT, Long.toString(System.currentTimeMillis()),
            SessionField.HEARTBEAT, "{\"type\":\"heartbeat\",\"active\":true}")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    send(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(new UserId(user))).arg(left));
    send(Request.cmd(Command.SADD).arg(LiveKeys.liveSessions()).arg(left));
  }

  @Test
  void aViewerIsShownThatItLivesAndThenThatItsRunnerIsAway() {
    RelaySocket viewer = viewer();
    JSONObject heartbeat = viewer.await("event").payload();
    assertThat(heartbeat.getJSONObject("event").getBoolean("_livenessOnly")).isTrue();
    assertThat(heartbeat.getJSONObject("event").getString("type")).isEqualTo("heartbeat");
    assertThat(heartbeat.getInt("generation")).isEqualTo(1);
    assertThat(heartbeat.getString("sessionId")).isEqualTo(id);
    assertThat(heartbeat.has("seq")).isTrue();
    viewer.emit("connected", new JSONObject());
    JSONObject error = viewer.await("error").payload();
    assertThat(error.getString("message")).contains("offline");
    assertThat(error.getInt("generation")).isEqualTo(1);
  }

  @Test
  void aViewerIsShownWhatWasKeptOfASessionThatHasSaidNothingSince() {
    String kept = "kept-" + id;
    leaveARecordBehind(kept);
    RelaySocket viewer = viewer(Json.object("sessionId", kept, "generation", 1));
    viewer.emit("connected", new JSONObject());
    JSONObject shown = BareSession.envelope(viewer, "session_active");
    assertThat(shown.getJSONObject("event").getJSONObject("state").getString("thinkingLevel"))
        .isEqualTo("high");
    assertThat(shown.getInt("generation")).isEqualTo(1);
    assertThat(viewer.inbox().all()).noneMatch(told -> told.is("error"));
  }

  @Test
  void aViewerThatComesBackIsNotShownWhatWasKeptBefore() {
    String kept = "kept-" + id;
    leaveARecordBehind(kept);
    RelaySocket viewer = viewer(Json.object("sessionId", kept, "generation", 1, "lastSeq", 4));
    viewer.emit("connected", new JSONObject());
    assertThat(viewer.await("error").text("message")).contains("offline");
  }

  @Test
  void whatAViewerDoesIsRefused() throws Exception {
    RelaySocket viewer = viewer();
    assertThat(viewer.emitWithAck("input", Json.object("text", "hi")).get()).containsExactly(false);
    JSONObject pasted = Json.object("nonce", "n", "code", "c");
    assertRefused(
        (JSONObject) viewer.emitWithAck("mcp_oauth_paste", pasted).get()[0],
        "Runner session unavailable");
    viewer.emit("trigger_response", Json.object("triggerId", "t1", "response", "yes"));
    assertThat(viewer.await("trigger_error").text("triggerId")).isEqualTo("t1");
  }

  @Test
  void whatOtherSessionsSayIsNotDelivered() {
    Member sender = member();
    sender.send("session_message", "targetSessionId", id, "message", "hello");
    assertThat(sender.socket().await("session_message_error").text("error"))
        .isEqualTo("Target session not found or not connected");
  }

  private RelaySocket viewer() {
    return viewer(Json.object("sessionId", id, "generation", 1));
  }

  private RelaySocket viewer(JSONObject shown) {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", shown);
    viewer.await("connected");
    return viewer;
  }

  private void send(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
