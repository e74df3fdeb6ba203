package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A socket is held by a replica that hears what it is asked and never says a word. */
@QuarkusTest
class SilentReplicaTest extends FamilyTest {
  private final ReplicaId silent = new ReplicaId("silent-" + UUID.randomUUID());

  @Inject Redis redis;

  private RedisConnection hearing;

  @BeforeEach
  void hear() {
    hearing = redis.connect().toCompletionStage().toCompletableFuture().join();
    hearing
        .send(Request.cmd(Command.SUBSCRIBE).arg(LiveKeys.replicaChannel(silent)))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void leave() {
    hearing.close().toCompletionStage().toCompletableFuture().join();
  }

  @ParameterizedTest
  @CsvSource({
    "restart, Failed to send restart request to runner",
    "stop, Failed to send shutdown request to runner"
  })
  void anOrderIsNotSaidToHaveBeenSent(String order, String text) {
    RunnerId runner = silentRunner();
    post(order, runner).statusCode(502).body("error", equalTo(text));
  }

  @Test
  void aSessionMayBeStartingAllTheSame() {
    post("spawn", silentRunner()).statusCode(200).body("pending", equalTo(true));
  }

  @Test
  void aMessageIsNotSaidToHaveBeenDelivered() {
    Member sender = member();
    Member target = member();
    hold(LiveKeys.session(new SessionId(target.id())), SessionField.REPLICA.key());
    sender.send("session_message", "targetSessionId", target.id(), "message", "hello");
    assertThat(sender.socket().await("session_message_error").text("error"))
        .isEqualTo("Failed to deliver message to target session");
  }

  private RunnerId silentRunner() {
    RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());
    RelaySocket socket = socket(mine(), "/runner").connect().awaitConnected();
    socket.emit("register_runner", Json.object("runnerId", runner.value(), "runnerSecret", "s"));
    socket.await("runner_registered");
    hold(LiveKeys.runner(runner), RunnerField.REPLICA.key());
    return runner;
  }

  /** From now on the record says that the silent replica has the socket. */
  private void hold(String key, String field) {
    redis
        .send(Request.cmd(Command.HSET).arg(key).arg(field).arg(silent.value()))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private ValidatableResponse post(String call, RunnerId runner) {
    return RestAssured.given()
        .header("x-api-key", TestingCallers.keyOf(user))
        .contentType("application/json")
        .body(Json.object("runnerId", runner.value()).toString())
        .post("/api/runners/" + call)
        .then();
  }
}
