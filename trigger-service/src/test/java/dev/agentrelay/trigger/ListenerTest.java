package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.gateway.TopicReader;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** R22 to R26 of rest.md 4.9. */
@QuarkusTest
class ListenerTest extends TriggerServiceTest {
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
  void aListenerIsStoredAsSentAndListedNewestFirst() {
    String first = added("{\"triggerType\":\" any:type \",\"prompt\":\" \",\"autoClose\":false}");
    String second =
        added(
            """
            {"triggerType":"ci:done","prompt":"Look","cwd":"/x","model":{"provider":"p","id":"m"},
             "params":{"repo":"r"},"autoClose":true}
            """);

    assertThat(first).startsWith("listener:" + runner + ":any:type:");
    asUser()
        .get(path())
        .then()
        .statusCode(200)
        .body("listeners.listenerId", equalTo(List.of(second, first)))
        .body("listeners[0].model.id", equalTo("m"))
        .body("listeners[0].params.repo", equalTo("r"))
        .body("listeners[0].autoClose", equalTo(true))
        .body("listeners[1].prompt", equalTo(" "))
        .body("listeners[1].size()", equalTo(4));
    asUser()
        .get("/api/runners/" + runner + "/triggers")
        .then()
        .statusCode(200)
        .body("triggerDefs", hasSize(6))
        .body("listeners", hasSize(2));
    JSONObject change = awaitChange("SUBSCRIBE", second);
    assertThat(change.has("sessionId") && !change.isNull("sessionId")).isFalse();
    JSONObject told = Json.parse(change.optString("subscription"));
    assertThat(told.optString("sessionId")).isEqualTo("runner-listener:" + second);
    assertThat(told.optJSONObject("params").optString("repo")).isEqualTo("r");
  }

  @Test
  void whatIsNoListenerIsRefused() {
    for (String body :
        List.of("{", "null", "{}", "{\"triggerType\":\" \"}", "{\"triggerType\":5}")) {
      add(body).statusCode(400).body("error", equalTo("Missing triggerType"));
    }
    add("{\"triggerType\":\"docs:saved\",\"cwd\":\"/elsewhere\"}")
        .statusCode(422)
        .body(
            "error",
            startsWith("Trigger type 'docs:saved' is scoped to session mode(s) [docs] — set the"));
    add("{\"triggerType\":\"docs:saved\",\"cwd\":\"/home/dev/project/docs\"}").statusCode(200);
    for (Response foreign :
        List.of(
            as(newUser()).get(path()),
            as(newUser()).body("{").post(path()),
            as(newUser()).body("{").put(path() + "/ci:done"),
            as(newUser()).delete(path() + "/ci:done"),
            as(newUser()).get("/api/runners/" + runner + "/triggers"))) {
      foreign.then().statusCode(403).body("error", equalTo("Forbidden"));
    }
    asUser()
        .get("/api/runners/nobody/trigger-listeners")
        .then()
        .statusCode(404)
        .body("error", equalTo("Runner not found"));
  }

  @Test
  void aChangeMergesIntoTheListenerThatIsMeant() {
    String older = added("{\"triggerType\":\"ci:done\",\"prompt\":\"one\",\"cwd\":\"/a\"}");
    String newer = added("{\"triggerType\":\"ci:done\",\"prompt\":\"two\"}");

    change(older.replace(":", "%3A"), "{\"prompt\":\"\",\"cwd\":null,\"autoClose\":false}")
        .statusCode(200)
        .body("listenerId", equalTo(older))
        .body("triggerType", equalTo("ci:done"))
        .body("listener.prompt", equalTo(""))
        .body("listener.cwd", equalTo("/a"))
        .body("listener.autoClose", equalTo(false));
    change("ci:done", "{\"prompt\":\"three\"}").body("listenerId", equalTo(older));
    change("ci:done", "{\"prompt\":\"four\",\"listenerId\":\"" + newer + "\"}")
        .body("listenerId", equalTo(newer));
    change("ci:done", "{\"params\":{\"repo\":\"r\"}}").body("listenerId", equalTo(newer));
    change("ci:done", "{\"prompt\":\"five\",\"listenerId\":\"removed meanwhile\"}")
        .statusCode(404)
        .body("error", equalTo("No listener for target 'ci:done'"));
    change("no:such", "{}")
        .statusCode(404)
        .body("error", equalTo("No listener for target 'no:such'"));
    change("ci:done", "nonsense").statusCode(400).body("error", equalTo("Invalid JSON body"));
    asUser().get(path()).then().body("listeners.prompt", equalTo(List.of("four", "three")));
    assertThat(awaitChange("UPDATE", newer).optString("subscription")).contains(newer);
  }

  @Test
  void removingSaysWhatWasRemovedAndTellsEachOne() {
    String one = added("{\"triggerType\":\"ci:done\"}");
    String two = added("{\"triggerType\":\"ci:done\"}");
    String three = added("{\"triggerType\":\"ci:done\"}");
    String plain = added("{\"triggerType\":\"plain\"}");

    remove(one)
        .statusCode(200)
        .body("listenerId", equalTo(one))
        .body("triggerType", equalTo("ci:done"))
        .body("removed", equalTo(1));
    remove("ci%3Adone").body("triggerType", equalTo("ci:done")).body("removed", equalTo(2));
    remove("plain").body("listenerId", equalTo(plain)).body("removed", equalTo(1));
    remove("plain").statusCode(200).body("removed", equalTo(0));
    for (String id : List.of(one, two, three, plain)) {
      awaitChange("UNSUBSCRIBE", id);
    }
  }

  @Test
  void aFiredOneShotIsRetiredUnderItsPseudoSession() {
    String id = added("{\"triggerType\":\"time:at\"}");
    String path = "/api/sessions/runner-listener:" + id + "/trigger-subscriptions/time:at";

    as(newUser()).delete(path).then().statusCode(404).body("error", equalTo("Listener not found"));
    asUser().delete(path).then().statusCode(200).body("removed", equalTo(1));
    asUser().delete(path).then().statusCode(404);
  }

  private String path() {
    return "/api/runners/" + runner + "/trigger-listeners";
  }

  private ValidatableResponse add(String body) {
    return asUser().body(body).post(path()).then();
  }

  private String added(String body) {
    return add(body).statusCode(200).extract().path("listenerId");
  }

  private ValidatableResponse change(String target, String body) {
    return asUser().body(body).put(path() + "/" + target).then();
  }

  private ValidatableResponse remove(String target) {
    return asUser().delete(path() + "/" + target).then();
  }

  private JSONObject awaitChange(String action, String listenerId) {
    return Json.parse(
        changes
            .said()
            .await(
                said ->
                    said.key().equals(runner.value())
                        && said.value().contains(listenerId)
                        && Json.parse(said.value()).optString("action").equals(action),
                SOON)
            .value());
  }
}
