package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.TightGateway.EVENTS_PER_SECOND;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What one user may have, and that nobody else is told of it. */
@QuarkusTest
@TestProfile(TightGateway.class)
class QuotaTest extends GatewayTest {
  private static final String SESSIONS = "Your account may have at most 2 live sessions";

  @Inject GatewayCommands commands;
  @Inject Redis redis;

  @Test
  void oneRunnerTooManyIsTurnedAwayAndTheFirstMayComeBack() {
    String first = "runner-" + UUID.randomUUID();
    runner(first).await("runner_registered");
    runner("runner-" + UUID.randomUUID()).await("runner_registered");
    RelaySocket third = runner("runner-" + UUID.randomUUID());
    assertThat(third.await("error").text("message"))
        .isEqualTo("Your account may have at most 2 runners");
    runner(first).await("runner_registered");
  }

  @Test
  void oneSessionTooManyIsRefusedWhereverItIsAskedFor() {
    String runner = "runner-" + UUID.randomUUID();
    runner(runner).await("runner_registered");
    BareSession one = BareSession.registerLasting(this, UUID.randomUUID().toString());
    BareSession.registerLasting(this, UUID.randomUUID().toString());

    RelaySocket third = worker(UUID.randomUUID().toString());
    assertThat(third.await("error").text("message")).isEqualTo(SESSIONS);
    given()
        .header("x-api-key", TestingCallers.keyOf(user))
        .contentType("application/json")
        .body("{\"runnerId\":\"" + runner + "\"}")
        .post("/api/runners/spawn")
        .then()
        .statusCode(429)
        .body("error", equalTo(SESSIONS))
        .body("code", equalTo("quota_exceeded"));
    CommandAnswer answer =
        commands
            .send(
                new CommandId(UUID.randomUUID().toString()),
                new UserId(user),
                Spawn.on(new RunnerId(runner)).build(),
                LIMIT)
            .await()
            .atMost(LIMIT);
    assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(answer.reason()).isEqualTo(SESSIONS);

    worker(one.id).await("registered");
    one.worker.close();
  }

  @Test
  void aSessionThatIsOverMakesRoomForTheNext() {
    BareSession one = BareSession.registerLasting(this, UUID.randomUUID().toString());
    BareSession.registerLasting(this, UUID.randomUUID().toString());
    one.end();
    await()
        .atMost(LIMIT)
        .until(() -> worker(UUID.randomUUID().toString()).inbox(), QuotaTest::isRegistered);
  }

  private static boolean isRegistered(Inbox<Received> inbox) {
    return inbox
        .await(received -> received.is("registered") || received.is("error"), LIMIT)
        .is("registered");
  }

  @Test
  void oneViewerTooManyIsDismissedAndOthersSee() {
    BareSession session = BareSession.registerLasting(this, UUID.randomUUID().toString());
    RelaySocket first = session.view();
    RelaySocket second = session.view();
    RelaySocket third = socket(mine(), "/viewer").connect();
    assertThat(third.await("error").text("message"))
        .isEqualTo("Your account may have at most 2 viewers");
    await().atMost(LIMIT).until(() -> !third.connected());
    assertThat(first.connected() && second.connected()).isTrue();

    first.close();
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              RelaySocket next = socket(mine(), "/viewer").connect().awaitConnected();
              next.emit("switch_session", Json.object("sessionId", session.id, "generation", 1));
              return next.inbox()
                  .await(received -> received.is("connected") || received.is("error"), LIMIT)
                  .is("connected");
            });
  }

  /** A page that is turned away comes again, and would lose its lists each time. */
  @Test
  void aViewerTooManyKeepsTheListsOfItsPage() {
    BareSession session = BareSession.registerLasting(this, UUID.randomUUID().toString());
    session.view();
    session.view();
    RawBrowser page = open(new RawBrowser(relay));
    JSONObject key = Json.object("apiKey", TestingCallers.keyOf(user));
    page.awaitMessage("0{");
    page.send("40/hub," + key);
    page.awaitMessage("42/hub,[\"sessions\"");
    page.send("40/viewer," + key);
    page.awaitMessage("42/viewer,[\"error\"");
    page.awaitMessage("41/viewer,");
    session.end();
    page.awaitMessage("42/hub,[\"session_removed\"");
  }

  @Test
  void thePlacesOfADeadReplicaAreFree() {
    BareSession session = BareSession.registerLasting(this, UUID.randomUUID().toString());
    Request places = Request.cmd(Command.ZADD).arg(LiveKeys.userViewers(new UserId(user)));
    for (int i = 1; i <= 2; i++) {
      places.arg(System.currentTimeMillis()).arg("dead-replica:" + i);
    }
    redis.send(places).toCompletionStage().toCompletableFuture().join();
    RelaySocket viewer = session.view();
    viewer.emit("switch_session", Json.object("sessionId", session.id, "generation", 2));
    viewer
        .inbox()
        .await(
            received -> received.is("connected") && received.payload().optInt("generation") == 2,
            LIMIT);
    assertThat(viewer.inbox().all()).noneMatch(received -> received.is("error"));
  }

  @Test
  void whoSendsTooMuchWaitsAndLosesNothing() {
    BareSession busy = BareSession.registerLasting(this, UUID.randomUUID().toString());
    long began = System.nanoTime();
    for (int i = 1; i < 5 * EVENTS_PER_SECOND; i++) {
      busy.send(Json.object("type", "turn_start"));
    }
    busy.sendStored(Json.object("type", "turn_end"));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertThat(took).isGreaterThan(Duration.ofMillis(1_500));
    assertThat(busy.worker.await("error").text("message"))
        .isEqualTo("Your account may have at most " + EVENTS_PER_SECOND + " events a second");
    assertThat(busy.worker.inbox().all()).filteredOn(each -> each.is("error")).hasSize(1);
  }

  @Test
  void whoSendsTooMuchHoldsUpNobodyElse() {
    BareSession busy = BareSession.register(this, UUID.randomUUID().toString());
    BareSession calm =
        BareSession.registerAs(this, "neighbour-of-" + user, UUID.randomUUID().toString());
    long last = 0;
    for (int i = 0; i < 8 * EVENTS_PER_SECOND; i++) {
      last = busy.send(Json.object("type", "turn_start"));
    }
    busy.worker.await("error");
    for (int i = 0; i < EVENTS_PER_SECOND / 4; i++) {
      calm.sendStored(Json.object("type", "turn_start"));
    }
    assertThat(busy.acknowledged()).doesNotContain(last);
    assertThat(calm.worker.inbox().all()).noneMatch(each -> each.is("error"));
  }

  private RelaySocket runner(String id) {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", id, "runnerSecret", "s"));
    return runner;
  }

  private RelaySocket worker(String session) {
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", session, "cwd", "/src", "ephemeral", false));
    return worker;
  }
}
