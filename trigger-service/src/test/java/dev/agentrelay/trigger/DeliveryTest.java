package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** T1 of rest.md 5.3. */
@QuarkusTest
class DeliveryTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{\"n\":1.10}}";

  @Test
  void aTriggerReachesTheWorkerAndItsHistory() {
    String id =
        fire(HELLO)
            .statusCode(200)
            .body("ok", equalTo(true))
            .body("triggerId", matchesPattern("ext_[0-9a-f]{16}"))
            .extract()
            .path("triggerId");

    ReceivedCommand command = gateway.await("delivertrigger", session.value(), SOON);
    assertThat(command.userId()).isEqualTo(user.value());
    assertThat(command.body().optString("workerWait"))
        .as("a worker between two gateways is waited for")
        .isEqualTo("PT0.5S");
    assertThat(command.body().optString("trigger")).contains("\"payload\":{\"n\":1.10}");
    JSONObject trigger = command.trigger();
    assertThat(trigger.optString("type")).isEqualTo("ci:done");
    assertThat(trigger.optString("sourceSessionId")).isEqualTo("external:api");
    assertThat(trigger.optString("sourceSessionName")).isEqualTo("External (api)");
    assertThat(trigger.optString("targetSessionId")).isEqualTo(session.value());
    assertThat(trigger.optString("deliverAs")).isEqualTo("steer");
    assertThat(trigger.optBoolean("expectsResponse", true)).isFalse();
    assertThat(trigger.optString("triggerId")).isEqualTo(id);
    assertThat(trigger.length()).isEqualTo(9);
    history("")
        .body("triggers", hasSize(1))
        .body("triggers[0].triggerId", equalTo(id))
        .body("triggers[0].type", equalTo("ci:done"))
        .body("triggers[0].source", equalTo("external:api"))
        .body("triggers[0].deliverAs", equalTo("steer"))
        .body("triggers[0].direction", equalTo("inbound"))
        .body("triggers[0].ts", equalTo(trigger.optString("ts")))
        .body("triggers[0].delivery.state", equalTo("delivered"))
        .body("triggers[0].delivery.at", notNullValue())
        .body("triggers[0].size()", equalTo(8));
  }

  @Test
  void everyPartOfTheRequestIsUsed() {
    fire("""
    {"type":"x","payload":{},"deliverAs":"followUp","expectsResponse":true,"source":"",
     "summary":"What happened"}
    """)
        .statusCode(200);

    JSONObject trigger = gateway.await("delivertrigger", session.value(), SOON).trigger();
    assertThat(trigger.optString("sourceSessionId")).isEqualTo("external:");
    assertThat(trigger.optString("sourceSessionName")).isEqualTo("What happened");
    assertThat(trigger.optString("deliverAs")).isEqualTo("followUp");
    assertThat(trigger.optBoolean("expectsResponse")).isTrue();
    history("").body("triggers[0].summary", equalTo("What happened"));
  }

  @Test
  void partsOfAnotherFormCountAsAbsent() {
    fire("""
    {"type":"x","payload":{},"deliverAs":null,"expectsResponse":null,"source":5,"summary":{},
     "wakeSession":"true"}
    """)
        .statusCode(200);

    ReceivedCommand command = gateway.await("delivertrigger", session.value(), SOON);
    assertThat(command.body().isNull("wake")).isTrue();
    assertThat(command.trigger().optString("deliverAs")).isEqualTo("steer");
    assertThat(command.trigger().optBoolean("expectsResponse", true)).isFalse();
    assertThat(command.trigger().optString("sourceSessionName")).isEqualTo("External (api)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{|Invalid JSON body",
        "null|Invalid JSON body",
        "{}|Missing or invalid 'type' field",
        "{\"type\":\"\",\"payload\":{}}|Missing or invalid 'type' field",
        "{\"type\":\"a\",\"payload\":[]}|Missing or invalid 'payload' field — must be an object",
        "{\"type\":\"a\"}|Missing or invalid 'payload' field — must be an object",
        "{\"type\":\"a\",\"payload\":{},\"deliverAs\":\"now\"}|Invalid 'deliverAs' — must be"
            + " 'steer' or 'followUp'",
      })
  void aBadBodyIsRefusedBeforeTheSessionIsLookedAt(String body, String error) {
    session = new SessionId("nobody");
    fire(body).statusCode(400).body("error", equalTo(error));
  }

  @Test
  void noSessionIsGoneAndAWorkerThatIsAwayIsWorthARetry() {
    as(newUser())
        .body(HELLO)
        .post("/api/sessions/" + session + "/trigger")
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found or not connected"));

    gateway.script(session.value(), Outcome.ABSENT);
    fire(HELLO)
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("error", equalTo("Session is registered but not currently connected"));
    gateway.script(session.value(), Outcome.REFUSED);
    fire(HELLO).statusCode(502).body("error", equalTo("Failed to deliver trigger to session"));
    gateway.script(session.value(), Outcome.UNKNOWN);
    fire(HELLO).statusCode(404);

    history("").body("triggers", hasSize(0));
    history("?state=all")
        .body("triggers", hasSize(3))
        .body("triggers.delivery.state", equalTo(List.of("failed", "failed", "failed")))
        .body("triggers[2].delivery.reason", equalTo("absent"));
  }

  @Test
  void aRetryAfterNoAnswerIsTheSameDeliveryHoweverMuchCameBetween() {
    AtomicInteger heard = new AtomicInteger();
    gateway.script(
        session.value(),
        command ->
            heard.incrementAndGet() == 1 ? Optional.empty() : Optional.of(Outcome.DELIVERED));
    fire(HELLO).statusCode(503).header("Retry-After", notNullValue());
    history("").body("triggers", hasSize(0));
    for (int other = 0; other < 205; other++) {
      fire("{\"type\":\"ci:done\",\"payload\":{\"other\":" + other + "}}").statusCode(200);
    }

    fire(HELLO).statusCode(200);

    List<ReceivedCommand> commands = gateway.all("delivertrigger", session.value());
    assertThat(commands).hasSize(207);
    assertThat(commands.getLast().commandId()).isEqualTo(commands.getFirst().commandId());
    history("?limit=1000").body("triggers", hasSize(200));
  }

  @Test
  void aWorkerThatTookItAndSaidNothingIsToldApartInTheHistory() {
    gateway.script(session.value(), Outcome.DELIVERED, "not acknowledged");
    fire(HELLO).statusCode(200);
    history("")
        .body("triggers[0].delivery.state", equalTo("delivered"))
        .body("triggers[0].delivery.reason", equalTo("not acknowledged"));
  }

  @Test
  void aWorkerThatSaidNothingIsToldAgainUntilItHasIt() {
    AtomicInteger told = new AtomicInteger();
    gateway.script(session.value(), Outcome.DELIVERED, "not acknowledged");
    fire(HELLO).statusCode(200);
    gateway.script(
        session.value(),
        command ->
            Optional.of(told.incrementAndGet() == 1 ? Outcome.FAILED : Outcome.ACKNOWLEDGED));

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                history("")
                    .body("triggers[0].delivery.state", equalTo("delivered"))
                    .body("triggers[0].delivery.reason", equalTo(null)));
    assertThat(told).hasValue(2);
    assertThat(gateway.all("delivertrigger", session.value()))
        .extracting(command -> command.body().optString("trigger"))
        .hasSize(3)
        .containsOnly(
            gateway.all("delivertrigger", session.value()).getFirst().body().optString("trigger"));
  }

  @Test
  void aWakeIsAnsweredAtOnceAndDeliveredByTheRetry() {
    gateway.script(session.value(), Outcome.WAKING);
    fire("{\"type\":\"time:at\",\"payload\":{},\"wakeSession\":true}")
        .statusCode(503)
        .body("waking", equalTo(true))
        .body("error", equalTo("Session is offline — wake started, retry delivery"));

    ReceivedCommand command = gateway.await("delivertrigger", session.value(), SOON);
    assertThat(command.body().optJSONObject("wake").optString("runner")).isEqualTo(runner.value());
    assertThat(command.body().optJSONObject("wake").optString("cwd"))
        .isEqualTo("/home/dev/project/code");
  }

  @Test
  void aScheduleWakesItsSessionWhenThatIsNoLongerLive() {
    asUser()
        .body("{\"triggerType\":\"time:timer_fired\",\"params\":{\"duration\":\"1m\"}}")
        .post("/api/sessions/" + session + "/trigger-subscriptions")
        .then()
        .statusCode(200);
    forgetLive(session);
    String wake = "{\"type\":\"time:timer_fired\",\"payload\":{},\"wakeSession\":true}";

    fire(HELLO).statusCode(404);
    gateway.script(session.value(), Outcome.WAKING);
    fire(wake).statusCode(503).body("waking", equalTo(true));
    as(newUser()).body(wake).post("/api/sessions/" + session + "/trigger").then().statusCode(404);
    forgetLive(runner);
    fire(wake).statusCode(404).body("error", equalTo("Session not found or not connected"));
    assertThat(gateway.all("delivertrigger", session.value())).hasSize(1);
  }

  @Test
  void aDeepPayloadPassesAndALargeBodyDoesNot() {
    String deep = "[".repeat(200) + "]".repeat(200);
    fire("{\"type\":\"t\",\"payload\":{\"d\":" + deep + "}}").statusCode(200);
    String large = "x".repeat(1_000_000);
    fire("{\"type\":\"t\",\"payload\":{\"d\":\"" + large + "\"}}").statusCode(200);
    fire("{\"type\":\"t\",\"payload\":{\"d\":\"" + large + large.substring(0, 50_000) + "\"}}")
        .statusCode(413)
        .body("error", equalTo("Payload Too Large: body exceeds 1048576 bytes"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"t\",\"payload\":{\"d\":\"\\ud800\"},\"summary\":\"\\udfff\"}",
        "{\"type\":\"t\\u0000\",\"payload\":{\"\\u0000\":\"\\u0000\"},\"source\":\"\\u0000\"}",
        "{\"type\":\"\\u2028\",\"payload\":{\"n\":1e400,\"m\":-0.0}}",
        "{\"type\":\"t\",\"payload\":{\"a\":1,\"a\":2},\"source\":5,\"summary\":{}}"
      })
  void whateverIsJsonIsDelivered(String body) {
    fire(body).statusCode(200);
    history("").body("triggers", hasSize(1));
  }

  private ValidatableResponse fire(String body) {
    return asUser().body(body).post("/api/sessions/" + session + "/trigger").then();
  }

  private ValidatableResponse history(String query) {
    return asUser().get("/api/sessions/" + session + "/triggers" + query).then().statusCode(200);
  }
}
