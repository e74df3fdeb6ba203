package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A parent is done with a child and has it ended (sockets.md 4.12). */
@QuarkusTest
class ChildCleanupTest extends FamilyTest {
  @Inject Redis redis;

  @Inject RelayConfig config;

  @Test
  void cleaningUpEndsTheChild() {
    Member parent = member();
    Member child = childOf(parent);
    child.socket().on("exec", asked -> child.socket().kill());
    JSONObject answer = parent.ask("cleanup_child_session", "childSessionId", child.id());
    assertOk(answer);
    JSONObject exec = child.socket().await("exec").payload();
    assertThat(exec.getString("command")).isEqualTo("end_session");
    assertThat(exec.getString("id")).startsWith("cleanup-" + child.id() + "-");
    assertThat(count(parent)).isZero();
  }

  @Test
  void cleaningUpWhatIsNotThereOrNotItsOwn() {
    Member parent = member();
    assertOk(parent.ask("cleanup_child_session", "childSessionId", "gone"));
    assertRefused(parent.ask("cleanup_child_session", "childSessionId", member().id()), NO_PARENT);
    RelaySocket socket = parent.socket();
    assertThat(socket.await("error").text("message")).isEqualTo(NO_PARENT);
  }

  @Test
  void aChildThatIsNotNamedIsNotCleanedUp() {
    assertRefused(member().ask("cleanup_child_session"), "Missing childSessionId");
  }

  @Test
  void aChildThatNobodyHoldsIsEndedAtOnce() {
    Member parent = member();
    String child = UUID.randomUUID().toString();
    leaveBehind(child, parent.id(), config.replica().id());
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    viewer.emit("switch_session", Json.object("sessionId", child, "generation", 1));
    viewer.await("connected");
    JSONObject answer = parent.ask("cleanup_child_session", "childSessionId", child);
    assertOk(answer);
    assertThat(answer.has("pending")).isFalse();
    JSONObject told = viewer.await("disconnected").payload();
    assertThat(told.getString("reason")).isEqualTo("Parent acknowledged completion");
    assertThat(told.has("code")).isFalse();
    hub.await("session_removed", child);
  }

  @Test
  void aChildThatMayBeHeldIsLeftToItsWorker() {
    Member parent = member();
    String child = UUID.randomUUID().toString();
    leaveBehind(child, parent.id(), "missing-" + UUID.randomUUID());
    JSONObject answer = parent.ask("cleanup_child_session", "childSessionId", child);
    assertOk(answer);
    assertThat(answer.getBoolean("pending")).isTrue();
    assertThat(listedSessions()).containsKey(child);
  }

  /** The record of a child whose worker its replica no longer has. */
  private void leaveBehind(String child, String parent, String holder) {
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(new SessionId(child)));
    Map.of(
            SessionField.USER_ID,
            user,
            SessionField.REPLICA,
            holder,
            SessionField.EPOCH,
            "7",
            SessionField.PARENT_ID,
            parent,
            SessionField.STARTED_AT,
            Long.toString(System.currentTimeMillis()))
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    send(Request.cmd(Command.SADD).arg(LiveKeys.userSessions(new UserId(user))).arg(child));
  }

  private void send(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }
}
