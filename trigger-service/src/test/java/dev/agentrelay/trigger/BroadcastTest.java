package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** T9 of rest.md 5.6. */
@QuarkusTest
class BroadcastTest extends TriggerServiceTest {
  private static final String DONE =
      "{\"type\":\"ci:done\",\"payload\":{\"repo\":\"relay\",\"status\":\"Failed\"}}";

  @Test
  void eachSessionThatWantsItGetsItOnce() {
    subscribe(session, "[{\"field\":\"repo\",\"value\":\"relay\"}]");
    subscribe(session, "[{\"field\":\"status\",\"value\":\"fail\",\"op\":\"contains\"}]");
    SessionId other = liveSession(user, runner, "/home/dev/project");
    subscribe(other, "[{\"field\":\"repo\",\"value\":\"else\"}]");
    SessionId everything = liveSession(user, runner, "/home/dev/project");
    subscribe(everything, "[]");

    String id =
        broadcast(DONE)
            .statusCode(200)
            .body("ok", equalTo(true))
            .body("delivered", equalTo(2))
            .body("spawned", equalTo(0))
            .extract()
            .path("triggerId");

    assertThat(gateway.all("delivertrigger", session.value())).hasSize(1);
    assertThat(gateway.all("delivertrigger", other.value())).isEmpty();
    JSONObject trigger = gateway.await("delivertrigger", everything.value(), SOON).trigger();
    assertThat(trigger.optString("triggerId")).isEqualTo(id);
    assertThat(trigger.optString("deliverAs")).isEqualTo("followUp");
    assertThat(trigger.optString("sourceSessionId")).isEqualTo("external:service");
    assertThat(trigger.optString("sourceSessionName")).isEqualTo("Service (service)");
    asUser()
        .get("/api/sessions/" + session + "/triggers")
        .then()
        .body("triggers", hasSize(1))
        .body("triggers[0].triggerId", equalTo(id + "_" + session.value().substring(0, 8)));
  }

  @Test
  void paramsOfASubscriptionDoNotFilter() {
    asUser()
        .body("{\"triggerType\":\"ci:done\",\"params\":{\"repo\":\"else\"}}")
        .post("/api/sessions/" + session + "/trigger-subscriptions")
        .then()
        .statusCode(200);

    broadcast(DONE).statusCode(200).body("delivered", equalTo(1));
  }

  @Test
  void whoMayAndWhatIsRefused() {
    RestAssured.given()
        .header("Cookie", TestingIdentities.cookie(user))
        .body(DONE)
        .post(path())
        .then()
        .statusCode(401)
        .body("error", equalTo("API key required"));
    as(newUser())
        .body("{")
        .post(path())
        .then()
        .statusCode(404)
        .body("error", equalTo("Runner not found"));
    broadcast("{").statusCode(400).body("error", equalTo("Invalid JSON body"));
    broadcast("{\"type\":\"t\"}").statusCode(400);
    broadcast("{\"type\":\"t\\u0000\",\"payload\":{}}")
        .statusCode(200)
        .body("delivered", equalTo(0))
        .body("spawned", equalTo(0));
  }

  @Test
  void listenersThatWantItStartASessionEach() {
    listen(
        "{\"triggerType\":\"ci:done\",\"params\":{\"statusContains\":\"FAIL\"},\"prompt\":\"Go\"}");
    listen("{\"triggerType\":\"ci:done\"}");
    listen("{\"triggerType\":\"ci:done\",\"params\":{\"repo\":\"else\"}}");

    broadcast(DONE).statusCode(200).body("delivered", equalTo(0)).body("spawned", equalTo(2));

    List<ReceivedCommand> spawns = gateway.all("spawn", runner.value());
    assertThat(spawns).hasSize(2);
    assertThat(spawns.stream().map(ReceivedCommand::session)).doesNotHaveDuplicates();
    for (ReceivedCommand spawn : spawns) {
      assertThat(gateway.all("delivertrigger", spawn.session())).hasSize(1);
    }
  }

  @Test
  void aSessionWhoseTriggerCannotBeDeliveredIsEnded() {
    listen("{\"triggerType\":\"ci:done\"}");
    gateway.script(
        runner.value(),
        command -> {
          gateway.script(command.session(), BroadcastTest::absentUnlessEnded);
          return Optional.of(Outcome.ACKNOWLEDGED);
        });

    broadcast(DONE).statusCode(200).body("spawned", equalTo(0));

    String spawned = gateway.await("spawn", runner.value(), SOON).session();
    ReceivedCommand end = gateway.await("endsession", spawned, SOON);
    assertThat(end.body().optString("runner")).isEqualTo(runner.value());
  }

  @Test
  void aRunnerThatDoesNotAnswerStartsNothingThatLivesOn() {
    listen("{\"triggerType\":\"ci:done\"}");
    gateway.script(runner.value(), Outcome.DELIVERED);

    broadcast(DONE).statusCode(200).body("spawned", equalTo(0));

    String spawned = gateway.await("spawn", runner.value(), SOON).session();
    gateway.await("endsession", spawned, SOON);
    assertThat(gateway.all("delivertrigger", spawned)).isEmpty();
  }

  @Test
  void theFolderIsLookedAtAgainWhenItIsSaid() {
    SessionId inMode = liveSession(user, runner, "/home/dev/project/docs/a");
    subscribe(inMode, "docs:saved", "[]");
    String saved = "{\"type\":\"docs:saved\",\"payload\":{}}";
    broadcast(saved).body("delivered", equalTo(1));

    announce(runner, user, SERVICES.replace("/home/dev/project/docs/", "/elsewhere"));
    broadcast(saved).body("delivered", equalTo(0));
  }

  @Test
  void aSlowWorkerDelaysNoneOfTheOthers() {
    List<SessionId> sessions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SessionId each = liveSession(user, runner, "/home/dev/project");
      subscribe(each, "[]");
      sessions.add(each);
    }
    gateway.script(sessions.getFirst().value(), command -> Optional.empty());
    long began = System.nanoTime();

    broadcast(DONE).statusCode(200).body("delivered", equalTo(39));

    long last =
        sessions.stream()
            .mapToLong(each -> gateway.await("delivertrigger", each.value(), SOON).receivedAt())
            .max()
            .orElseThrow();
    assertThat(Duration.ofNanos(last - began))
        .as("the last is on its way before the slow one is given up")
        .isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void aRetryAfterNoAnswerTellsNobodyTwice() {
    subscribe(session, "[]");
    gateway.script(session.value(), command -> Optional.empty());
    broadcast(DONE).statusCode(503);
    gateway.script(session.value(), Outcome.ACKNOWLEDGED);

    String id =
        broadcast(DONE).statusCode(200).body("delivered", equalTo(1)).extract().path("triggerId");
    String another =
        broadcast(DONE).statusCode(200).body("delivered", equalTo(1)).extract().path("triggerId");

    List<ReceivedCommand> sent = gateway.all("delivertrigger", session.value());
    assertThat(sent)
        .extracting(each -> each.trigger().optString("triggerId"))
        .containsExactly(id, id, another);
    assertThat(sent.get(1).commandId()).isEqualTo(sent.get(0).commandId());
    assertThat(another).isNotEqualTo(id);
    asUser()
        .get("/api/sessions/" + session + "/triggers?state=all")
        .then()
        .body("triggers", hasSize(2));
  }

  @Test
  void aLargeTriggerIsNotCopiedForEverybodyAtOnce() {
    List<SessionId> sessions = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      SessionId each = liveSession(user, runner, "/home/dev/project");
      subscribe(each, "[]");
      gateway.script(each.value(), command -> Optional.empty());
      sessions.add(each);
    }
    String large = "x".repeat(1_000_000);

    broadcast("{\"type\":\"ci:done\",\"payload\":{\"d\":\"" + large + "\"}}").statusCode(503);

    long early =
        sessions.stream()
            .flatMap(each -> gateway.all("delivertrigger", each.value()).stream().limit(1))
            .filter(each -> each.deadline().isBefore(earliest(sessions).plusSeconds(2)))
            .count();
    assertThat(early).as("what fits into 8 MiB").isEqualTo(8);
  }

  private Instant earliest(List<SessionId> sessions) {
    return sessions.stream()
        .flatMap(each -> gateway.all("delivertrigger", each.value()).stream())
        .map(ReceivedCommand::deadline)
        .min(Instant::compareTo)
        .orElseThrow();
  }

  private static Optional<Outcome> absentUnlessEnded(ReceivedCommand command) {
    return Optional.of(command.type().equals("endsession") ? Outcome.DELIVERED : Outcome.ABSENT);
  }

  private String path() {
    return "/api/runners/" + runner + "/trigger-broadcast";
  }

  private ValidatableResponse broadcast(String body) {
    return asUser().body(body).post(path()).then();
  }

  private void subscribe(SessionId to, String filters) {
    subscribe(to, "ci:done", filters);
  }

  private void subscribe(SessionId to, String type, String filters) {
    asUser()
        .body("{\"triggerType\":\"" + type + "\",\"filters\":" + filters + "}")
        .post("/api/sessions/" + to + "/trigger-subscriptions")
        .then()
        .statusCode(200);
  }

  private void listen(String body) {
    asUser()
        .body(body)
        .post("/api/runners/" + runner + "/trigger-listeners")
        .then()
        .statusCode(200);
  }
}
