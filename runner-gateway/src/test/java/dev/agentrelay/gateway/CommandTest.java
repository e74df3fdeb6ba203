package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.GatewayCommand.EndSession;
import dev.agentrelay.contracts.GatewayCommand.InjectInput;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.GatewayCommand.TellViewers;
import dev.agentrelay.contracts.GatewayCommand.ViewerEvent;
import dev.agentrelay.contracts.GatewayCommand.Wake;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Commands of other services that start, wake, feed and end sessions. */
@QuarkusTest
class CommandTest extends CommandingTest {
  @Inject Redis redis;

  private final String runnerId = "runner-" + UUID.randomUUID();

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }

  private static void answersReady(RelaySocket runner) {
    runner.on(
        "new_session",
        asked -> runner.emit("session_ready", Json.object("sessionId", asked.text("sessionId"))));
  }

  @Test
  void whoIsNotThereOrSomebodyElsesIsNotReached() {
    Member foreign = stranger();
    assertThat(send(trigger(foreign.id(), "t1")).outcome()).isEqualTo(Outcome.FORBIDDEN);
    assertThat(send(trigger("gone-" + UUID.randomUUID(), "t1")).outcome())
        .isEqualTo(Outcome.UNKNOWN);
    assertThat(send(Spawn.on(new RunnerId("gone")).build()).outcome()).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void anOfflineSessionIsWokenOnItsRunner() {
    RelaySocket runner = runner();
    answersReady(runner);
    String session = UUID.randomUUID().toString();
    DeliverTrigger wakes =
        new DeliverTrigger(
            new SessionId(session),
            new JsonText("{\"triggerId\":\"t1\"}"),
            Duration.ZERO,
            new Wake(new RunnerId(runnerId), "/src"));
    assertThat(send(wakes).outcome()).isEqualTo(Outcome.WAKING);
    assertThat(send(wakes).outcome()).isEqualTo(Outcome.WAKING);
    JSONObject asked = runner.await("new_session").payload();
    JSONObject expected =
        Json.object(
            "sessionId",
            session,
            "cwd",
            "/src",
            "hiddenModels",
            Json.array(TestingIdentities.HIDDEN_MODEL),
            "resumeId",
            session);
    assertThat(asked.similar(expected)).as(asked.toString()).isTrue();
    assertThat(runner.inbox().all()).filteredOn(event -> event.is("new_session")).hasSize(1);
    assertThat(
            send(new DeliverTrigger(
                    new SessionId(session),
                    new JsonText("{}"),
                    Duration.ZERO,
                    new Wake(new RunnerId("gone"), null)))
                .outcome())
        .isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void aSessionIsSpawnedWithWhatTheRunnerUnderstands() {
    RelaySocket runner = runner();
    answersReady(runner);
    String session = UUID.randomUUID().toString();
    Spawn spawn =
        Spawn.on(new RunnerId(runnerId))
            .withSession(new SessionId(session))
            .withCwd("/src")
            .withPrompt("first")
            .withModel(new Model("fake", "fake-1"))
            .withAutoClose(true)
            .build();
    CommandAnswer answer = send(spawn);
    assertThat(answer.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
    assertThat(answer.sessionId()).isEqualTo(new SessionId(session));
    JSONObject asked = runner.await("new_session").payload();
    JSONObject expected =
        Json.object(
            "sessionId",
            session,
            "cwd",
            "/src",
            "prompt",
            "first",
            "model",
            Json.object("provider", "fake", "id", "fake-1"),
            "hiddenModels",
            Json.array(TestingIdentities.HIDDEN_MODEL),
            "autoClose",
            true);
    assertThat(asked.similar(expected)).as(asked.toString()).isTrue();
  }

  @Test
  void theRunnersRefusalIsTheReason() {
    RelaySocket runner = runner();
    runner.on(
        "new_session",
        asked ->
            runner.emit(
                "session_error",
                Json.object("sessionId", asked.text("sessionId"), "message", "no key")));
    CommandAnswer answer = send(Spawn.on(new RunnerId(runnerId)).build());
    assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(answer.reason()).isEqualTo("no key");
  }

  @Test
  void aRunnerThatIsAskedAgainAfterACrashMayHaveTheSessionAlready() {
    RelaySocket runner = runner();
    runner.on(
        "new_session",
        asked ->
            runner.emit(
                "session_error",
                Json.object(
                    "sessionId", asked.text("sessionId"), "message", "Session already running")));
    Spawn spawn =
        Spawn.on(new RunnerId(runnerId))
            .withSession(new SessionId(UUID.randomUUID().toString()))
            .build();

    assertThat(send(begunByAReplicaThatIsGone(), user, spawn).outcome())
        .isEqualTo(Outcome.DELIVERED);
    runner.await("new_session");
    Spawn onAnother =
        Spawn.on(new RunnerId("gone"))
            .withSession(new SessionId(UUID.randomUUID().toString()))
            .build();
    assertThat(send(begunByAReplicaThatIsGone(), user, onAnother).outcome())
        .isEqualTo(Outcome.DELIVERED);
    assertThat(send(begunByAReplicaThatIsGone(), user + "-other", spawn).outcome())
        .isEqualTo(Outcome.FORBIDDEN);
  }

  /** A command in the ledger whose claim nobody stands for any longer. */
  private CommandId begunByAReplicaThatIsGone() {
    CommandId id = freshId();
    redis
        .send(
            Request.cmd(Command.SET)
                .arg(LiveKeys.command(id))
                .arg("claimed replica-" + UUID.randomUUID()))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return id;
  }

  @Test
  void inputCarriesOnlyWhatItWasGiven() {
    Member worker = member();
    InjectInput input =
        new InjectInput(new SessionId(worker.id()), "yes", null, "push", null, null);
    assertThat(send(input).outcome()).isEqualTo(Outcome.DELIVERED);
    JSONObject got = worker.socket().await("input").payload();
    assertThat(got.similar(Json.object("text", "yes", "client", "push")))
        .as(got.toString())
        .isTrue();
  }

  @Test
  void anOrphanIsKilledAndViewersAreTold() {
    RelaySocket runner = runner();
    SessionId orphan = new SessionId(UUID.randomUUID().toString());
    assertThat(send(new EndSession(orphan, new RunnerId(runnerId))).outcome())
        .isEqualTo(Outcome.DELIVERED);
    assertThat(runner.await("kill_session").text("sessionId")).isEqualTo(orphan.value());
    Member worker = member();
    ScriptedViewer viewer = viewerOf(worker);
    send(
        new TellViewers(
            new SessionId(worker.id()),
            ViewerEvent.TRIGGER_DELIVERED,
            new JsonText("{\"cleared\":true}")));
    assertThat(
            viewer
                .inbox()
                .await(event -> event.is("trigger_delivered"), LIMIT)
                .payload()
                .getBoolean("cleared"))
        .isTrue();
  }
}
