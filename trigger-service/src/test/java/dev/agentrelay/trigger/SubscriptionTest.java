package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.gateway.TopicReader;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T5 to T8 of rest.md 5.5, and what daemons are told of them. */
@QuarkusTest
class SubscriptionTest extends TriggerServiceTest {
  private TopicReader changes;

  @BeforeAll
  void listenToChanges() {
    changes = new TopicReader(kafka, Topics.SUBSCRIPTIONS);
  }

  @AfterAll
  void stopListening() {
    changes.close();
  }

  @Test
  void aSubscriptionIsCoercedEchoedListedAndTold() {
    String id =
        subscribe(
                """
                {"triggerType":" ci:done ","params":{"depth":"5","tags":"a","loud":"true",
                 "level":"high","extra":{"x":1.50},"nothing":null},
                 "filters":[{"field":"repo","value":"r"},{"field":"status","value":["a",{}],
                 "op":"contains"}],"filterMode":"or"}
                """)
            .statusCode(200)
            .body("ok", equalTo(true))
            .body("triggerType", equalTo("ci:done"))
            .body("runnerId", equalTo(runner.value()))
            .body("params.depth", equalTo(5))
            .body("params.tags", equalTo(List.of("a")))
            .body("params.loud", equalTo(true))
            .body("params.extra.x", equalTo(1.5f))
            .body("params.size()", equalTo(5))
            .body("filters[0].op", equalTo("eq"))
            .body("filters[1].value", equalTo(List.of("a")))
            .body("filterMode", equalTo("or"))
            .extract()
            .path("subscriptionId");
    assertThat(id).startsWith("sub:" + session + ":ci:done:");

    asUser()
        .get(path())
        .then()
        .statusCode(200)
        .body("subscriptions", hasSize(1))
        .body("subscriptions[0].subscriptionId", equalTo(id))
        .body("subscriptions[0].size()", equalTo(6));
    JSONObject change = awaitChange("SUBSCRIBE");
    assertThat(change.optString("sessionId")).isEqualTo(session.value());
    assertThat(change.optString("userId")).isEqualTo(user.value());
    assertThat(change.optString("triggerType")).isEqualTo("ci:done");
    JSONObject told = Json.parse(change.optString("subscription"));
    assertThat(told.optString("subscriptionId")).isEqualTo(id);
    assertThat(told.optString("sessionId")).isEqualTo(session.value());
    assertThat(change.optString("subscription")).contains("{\"x\":1.50}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "400|{|Invalid JSON body",
        "400|null|Invalid JSON body",
        "400|{}|Missing or invalid 'triggerType' field",
        "400|{\"triggerType\":\"\"}|Missing or invalid 'triggerType' field",
        "422|{\"triggerType\":\" \"}|Trigger type '' is not available on this session's runner",
        "422|{\"triggerType\":\"no:such\"}|Trigger type 'no:such' is not available on this"
            + " session's runner",
        "422|{\"triggerType\":\"docs:saved\"}|Trigger type 'docs:saved' is scoped to session"
            + " mode(s) [docs] — this session's working directory is not inside a matching mode"
            + " workspace",
        "400|{\"triggerType\":\"ci:needs\"}|Missing required params: repo, count",
        "400|{\"triggerType\":\"ci:needs\",\"params\":{\"count\":\"x\"}}|Missing required param"
            + " 'repo'; Param 'count' must be a number",
        "400|{\"triggerType\":\"ci:done\",\"params\":{\"loud\":\"maybe\"}}|Param 'loud' must be a"
            + " boolean (true/false)",
        "400|{\"triggerType\":\"ci:done\",\"params\":{\"level\":\"mid\"}}|Param 'level' must be one"
            + " of: low, high",
        "400|{\"triggerType\":\"ci:done\",\"params\":{\"tags\":[\"a\",\"z\"]}}|Param 'tags'"
            + " contains invalid values: z. Allowed: a, b",
        "400|{\"triggerType\":\"time:timer_fired\",\"params\":{}}|Invalid duration",
        "400|{\"triggerType\":\"time:timer_fired\"}|Missing required params: duration",
        "400|{\"triggerType\":\"time:cron\",\"params\":{\"cron\":\"* * *\"}}|Invalid cron"
            + " expression",
        "400|{\"triggerType\":\"time:at\",\"params\":{\"at\":\"tomorrow\"}}|Invalid time; use ISO"
            + " 8601 with timezone or HH:MMUTC",
        "400|{\"triggerType\":\"ci:done\",\"filters\":[1,{\"field\":\"\"},{\"field\":\"repo\"},{\"field\":\"nope\",\"value\":1}]}|Each"
            + " filter must be an object with { field, value }; Filter missing 'field'; Filter on"
            + " 'repo' missing 'value'; Filter field 'nope' is not in the trigger's output schema."
            + " Available: repo, status",
      })
  void whatTheRunnerDoesNotOfferIsRefused(int status, String body, String error) {
    subscribe(body).statusCode(status).body("error", equalTo(error));
    asUser().get(path()).then().body("subscriptions", hasSize(0));
  }

  @Test
  void aForeignSessionIsAsUnknownAsNone() {
    as(newUser())
        .body("{\"triggerType\":\"ci:done\"}")
        .post(path())
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found"));
    as(newUser()).get(path()).then().statusCode(404);
    as(newUser()).delete(path() + "/ci:done").then().statusCode(404);
    asUser().get("/api/sessions/nobody/trigger-subscriptions").then().statusCode(404);
    asUser().get("/api/sessions/no%00body/trigger-subscriptions").then().statusCode(404);
  }

  @Test
  void aRunnerThatHasAnnouncedNothingIsWorthARetry() {
    RunnerId silent = new RunnerId("runner-" + UUID.randomUUID());
    announce(silent, user, null);
    session = liveSession(user, silent, "/home/dev/project");
    subscribe("{\"triggerType\":\"ci:done\"}")
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("error", startsWith("Runner service catalog is temporarily unavailable"));

    session = liveSession(user, null, "/home/dev/project");
    subscribe("{\"triggerType\":\"ci:done\"}")
        .statusCode(422)
        .body("error", equalTo("Session has no associated runner"));
  }

  @Test
  void aModeIsThatOfTheFolder() {
    session = liveSession(user, runner, "/home/dev/project/docs/deep");
    subscribe("{\"triggerType\":\"docs:saved\"}").statusCode(200);
    session = liveSession(user, runner, "/home/dev/project/docs-old");
    subscribe("{\"triggerType\":\"docs:saved\"}").statusCode(422);
    asUser()
        .get("/api/sessions/" + session + "/available-triggers")
        .then()
        .statusCode(200)
        .body("triggerDefs", hasSize(5));
  }

  @Test
  void aChangeReplacesEverythingWhateverAddressesIt() {
    String first = subscribed("{\"triggerType\":\"ci:done\",\"params\":{\"depth\":1}}");
    String second =
        subscribed("{\"triggerType\":\"ci:done\",\"filters\":[{\"field\":\"repo\",\"value\":1}]}");

    change("ci:done?subscriptionId=" + second, "{\"params\":{\"depth\":\"2\"}}")
        .statusCode(200)
        .body("subscriptionId", equalTo(second))
        .body("triggerType", equalTo("ci:done"))
        .body("params.depth", equalTo(2))
        .body("filters", equalTo(null));
    change("ci:done", "{\"subscriptionId\":\"" + second + "\",\"filterMode\":\"and\"}")
        .body("subscriptionId", equalTo(second))
        .body("params", equalTo(null))
        .body("filterMode", equalTo("and"));
    change("_", "{\"subscriptionId\":\"" + second + "\",\"params\":{\"loud\":\"maybe\"}}")
        .statusCode(400)
        .body("error", equalTo("Param 'loud' must be a boolean"));
    change(first.replace(":", "%3A"), "{}")
        .body("subscriptionId", equalTo(first))
        .body("params", equalTo(null));
    change("ci:done", "{\"filters\":[{\"field\":\"nope\",\"value\":1}]}")
        .statusCode(400)
        .body("error", equalTo("Filter field 'nope' is not in the trigger's output schema"));
    change("no:such", "{}")
        .statusCode(404)
        .body("error", equalTo("Session is not subscribed to 'no:such'"));
    change("ci:done?subscriptionId=none", "{}")
        .statusCode(404)
        .body("error", equalTo("Session is not subscribed to 'ci:done'"));
    change("ci:done", "[]").statusCode(400).body("error", equalTo("Invalid JSON body"));
    assertThat(Json.parse(awaitChange("UPDATE").optString("subscription")).optString("triggerType"))
        .isEqualTo("ci:done");
  }

  @Test
  void removingOneLeavesItsSiblingAndRemovingTheTypeLeavesNone() {
    String first = subscribed("{\"triggerType\":\"ci:done\"}");
    String second = subscribed("{\"triggerType\":\"ci:done\"}");
    subscribed("{\"triggerType\":\"ci:done\"}");
    subscribed("{\"triggerType\":\"ci:done\"}");

    remove("_?subscriptionId=" + first)
        .statusCode(200)
        .body("subscriptionId", equalTo(first))
        .body("triggerType", equalTo("ci:done"))
        .body("removed", equalTo(1));
    remove("_?subscriptionId=" + first)
        .statusCode(404)
        .body("error", equalTo("Subscription '" + first + "' not found"));
    remove(second).statusCode(200).body("removed", equalTo(1));
    remove("ci%3Adone").statusCode(200).body("removed", equalTo(2));
    remove("ci:done").statusCode(404).body("error", equalTo("Subscription 'ci:done' not found"));

    changes
        .said()
        .await(
            said ->
                said.key().equals(runner.value())
                    && said.value().contains("legacy:all:ci:done")
                    && said.value().contains("UNSUBSCRIBE"),
            SOON);
  }

  private String path() {
    return "/api/sessions/" + session + "/trigger-subscriptions";
  }

  private ValidatableResponse subscribe(String body) {
    return asUser().body(body).post(path()).then();
  }

  private String subscribed(String body) {
    return subscribe(body).statusCode(200).extract().path("subscriptionId");
  }

  private ValidatableResponse change(String target, String body) {
    return asUser().body(body).put(path() + "/" + target).then();
  }

  private ValidatableResponse remove(String target) {
    return asUser().delete(path() + "/" + target).then();
  }

  private JSONObject awaitChange(String action) {
    return Json.parse(
        changes
            .said()
            .await(
                said ->
                    said.key().equals(runner.value())
                        && Json.parse(said.value()).optString("action").equals(action),
                SOON)
            .value());
  }
}
