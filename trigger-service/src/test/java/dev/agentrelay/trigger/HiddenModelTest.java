package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.preferences.ScriptedPreferences;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model that its owner has hidden starts no session (rest.md 4.9 and 5.6). */
@QuarkusTest
class HiddenModelTest extends TriggerServiceTest {
  private static final String HIDDEN = "{\"model\":{\"provider\":\"p\",\"id\":\"m/1\"}}";

  @ConfigProperty(name = "relay.auth.url")
  String auth;

  private ScriptedPreferences preferences;

  @BeforeEach
  void script() {
    preferences = new ScriptedPreferences(auth);
  }

  @Test
  void noListenerMayChooseIt() {
    preferences.hide(user, "p/m/1", "p/m/2");
    refused(asUser().body(withType(HIDDEN)).post(listeners()).then());
    String other = HIDDEN.replace("m/1", "m/3");
    String id =
        asUser()
            .body(withType(other))
            .post(listeners())
            .then()
            .statusCode(200)
            .extract()
            .path("listenerId");

    refused(asUser().body(HIDDEN).put(listeners() + "/" + id).then());
    refused(asUser().body(HIDDEN).put("/api/routes/" + id).then());
    asUser().get(listeners()).then().body("listeners.model.id", equalTo(List.of("m/3")));
  }

  @Test
  void aSessionIsStartedWithoutAModelThatWasHiddenSince() {
    preferences.hide(user, "p/m/2");
    asUser().body(withType(HIDDEN)).post(listeners()).then().statusCode(200);
    JSONObject first = startedByBroadcast();
    assertThat(first.optJSONObject("model").optString("id")).isEqualTo("m/1");

    preferences.hide(user, "p/m/1");

    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(() -> assertThat(startedByBroadcast().isNull("model")).isTrue());
  }

  private JSONObject startedByBroadcast() {
    asUser()
        .body("{\"type\":\"ci:done\",\"payload\":{}}")
        .post("/api/runners/" + runner + "/trigger-broadcast")
        .then()
        .statusCode(200)
        .body("spawned", equalTo(1));
    ReceivedCommand last = gateway.all("spawn", runner.value()).getLast();
    return last.body();
  }

  private static void refused(ValidatableResponse answer) {
    answer
        .statusCode(403)
        .body("code", equalTo("forbidden"))
        .body("error", equalTo("Model is hidden and cannot be used"));
  }

  private String listeners() {
    return "/api/runners/" + runner + "/trigger-listeners";
  }

  private static String withType(String model) {
    return model.replace("{\"model\"", "{\"triggerType\":\"ci:done\",\"model\"");
  }
}
