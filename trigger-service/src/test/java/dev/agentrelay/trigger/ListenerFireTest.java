package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.trigger.delivery.Parallel;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** T1 at a listener (rest.md 5.3 and 5.6). */
@QuarkusTest
class ListenerFireTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{\"n\":1}}";

  @Test
  void itIsFiredUnderItsPseudoSession() {
    String pseudo =
        listener(
            """
            {"triggerType":"time:cron","prompt":"Do it","cwd":"/c","autoClose":true,
             "model":{"provider":"p","id":"m"}}
            """);
    String spawned =
        fire(pseudo, "{\"type\":\"time:cron\",\"payload\":{\"prompt\":\"now \"}}")
            .statusCode(200)
            .body("triggerId", notNullValue())
            .extract()
            .path("spawnedSessionId");

    JSONObject spawn = gateway.await("spawn", runner.value(), SOON).body();
    assertThat(spawn.optString("session")).isEqualTo(spawned);
    assertThat(spawn.optString("cwd")).isEqualTo("/c");
    assertThat(spawn.has("prompt") && !spawn.isNull("prompt")).isFalse();
    assertThat(spawn.optBoolean("autoClose")).isTrue();
    assertThat(spawn.optJSONObject("model").optString("id")).isEqualTo("m");
    JSONObject trigger = gateway.await("delivertrigger", spawned, SOON).trigger();
    assertThat(trigger.optJSONObject("payload").optString("prompt")).isEqualTo("Do it\n\nnow");

    gateway.script(runner.value(), Outcome.REFUSED);
    fire(pseudo, HELLO)
        .statusCode(503)
        .body("error", equalTo("Failed to spawn listener session — retry delivery"));
    as(newUser())
        .body(HELLO)
        .post("/api/sessions/" + pseudo + "/trigger")
        .then()
        .statusCode(404)
        .body("error", equalTo("Listener not found"));
    forgetLive(runner);
    fire(pseudo, HELLO).statusCode(404).body("error", equalTo("Listener not found"));
  }

  @Test
  void manyFiresAtOnceStartASessionEachByItsSettings() {
    String pseudo =
        listener(
            "{\"triggerType\":\"ci:done\",\"cwd\":\"/c\",\"autoClose\":true,\"prompt\":\"Go\"}");
    List<String> sessions =
        Parallel.map(
            IntStream.range(0, 12).boxed().toList(),
            12,
            number ->
                fire(pseudo, HELLO.replace("1}", number + "}"))
                    .statusCode(200)
                    .extract()
                    .<String>path("spawnedSessionId"));

    assertThat(sessions).doesNotHaveDuplicates();
    List<ReceivedCommand> spawns = gateway.all("spawn", runner.value());
    assertThat(spawns).extracting(ReceivedCommand::session).hasSameElementsAs(sessions);
    assertThat(spawns)
        .allSatisfy(
            spawn -> {
              assertThat(spawn.body().optString("cwd")).isEqualTo("/c");
              assertThat(spawn.body().optBoolean("autoClose")).isTrue();
            });
    for (int number = 0; number < sessions.size(); number++) {
      List<ReceivedCommand> told = gateway.all("delivertrigger", sessions.get(number));
      assertThat(told).hasSize(1);
      JSONObject payload = told.getFirst().trigger().optJSONObject("payload");
      assertThat(payload.optInt("n")).isEqualTo(number);
      assertThat(payload.optString("prompt")).isEqualTo("Go");
    }
  }

  @Test
  void aSessionThatDidNotAnswerIsEndedAndTheRetryStartsAnotherForTheSameTrigger() {
    String pseudo = listener("{\"triggerType\":\"ci:done\"}");
    gateway.script(
        runner.value(),
        spawn -> {
          gateway.script(spawn.session(), silent -> Optional.empty());
          return Optional.of(Outcome.ACKNOWLEDGED);
        });
    fire(pseudo, HELLO).statusCode(503);
    ReceivedCommand first = gateway.await("spawn", runner.value(), SOON);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(gateway.all("endsession", first.session()))
                    .as("what did not answer is ended again")
                    .hasSizeGreaterThan(1));

    gateway.script(runner.value(), Outcome.ACKNOWLEDGED);
    String second = fire(pseudo, HELLO).statusCode(200).extract().path("spawnedSessionId");

    assertThat(second).isNotEqualTo(first.session());
    assertThat(triggerId(second)).isEqualTo(triggerId(first.session()));
  }

  private String triggerId(String session) {
    return gateway.await("delivertrigger", session, SOON).trigger().optString("triggerId");
  }

  private String listener(String body) {
    return "runner-listener:"
        + asUser()
            .body(body)
            .post("/api/runners/" + runner + "/trigger-listeners")
            .then()
            .statusCode(200)
            .extract()
            .path("listenerId");
  }

  private ValidatableResponse fire(String session, String body) {
    return asUser().body(body).post("/api/sessions/" + session + "/trigger").then();
  }
}
