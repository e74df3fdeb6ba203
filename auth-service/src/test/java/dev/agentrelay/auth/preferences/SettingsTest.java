package dev.agentrelay.auth.preferences;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.contracts.PreferencesChanged;
import dev.agentrelay.contracts.PreferencesChanged.Preference;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@RealStores
class SettingsTest {
  private static final String HIDDEN = "/api/settings/hidden-models";
  private static final String SUBAGENT = "/api/settings/subagent-model";

  @Inject HeardPreferences heard;

  private String cookie = "";

  @BeforeEach
  void signIn() {
    cookie = freshLogin();
  }

  private RequestSpecification mine() {
    return call().header("cookie", cookie);
  }

  private Response put(String path, String body) {
    return mine().body(body).put(path);
  }

  @Test
  void hiddenModelsAreASetThatIsReplaced() {
    mine().get(HIDDEN).then().statusCode(200).body("hiddenModels", empty());
    put(HIDDEN, "{\"hiddenModels\":[\" z/two \",\"a/b/one\",7,\"z/two\",\" \"]}")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("hiddenModels", contains(" z/two ", "a/b/one", "z/two", " "));
    mine().get(HIDDEN).then().body("hiddenModels", contains("a/b/one", "z/two"));
    put(HIDDEN, "{broken").then().statusCode(200).body("hiddenModels", empty());
    mine().get(HIDDEN).then().body("hiddenModels", empty());
    put(HIDDEN, "null").then().statusCode(400).body("error", equalTo("Invalid JSON body"));
  }

  @Test
  void moreThanKafkaTakesIsRefusedAndHoldsNothingUp() {
    String user = mine().get("/api/me").path("userId");
    String most = "{\"hiddenModels\":[\"a/" + "x".repeat(990_000) + "\"]}";
    put(HIDDEN, most).then().statusCode(200);
    assertThat(heard.next(user).hiddenModels()).hasSize(1);
    String tooMuch = "{\"hiddenModels\":[\"a/" + "x".repeat(1_040_000) + "\"]}";
    put(HIDDEN, tooMuch).then().statusCode(413).body("code", equalTo("payload_too_large"));
    put(HIDDEN, "{\"hiddenModels\":[\"a/one\"]}").then().statusCode(200);
    assertThat(heard.next(user).hiddenModels()).containsExactly("a/one");
  }

  @Test
  void oneModelIsForSubagents() {
    mine().get(SUBAGENT).then().statusCode(200).body("$", hasKey("model"));
    put(SUBAGENT, "{\"model\":\" anthropic/opus/4 \"}")
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("model", equalTo("anthropic/opus/4"));
    mine().get(SUBAGENT).then().body("model", equalTo("anthropic/opus/4"));
    put(SUBAGENT, "{\"model\":\"opus\"}")
        .then()
        .statusCode(400)
        .body("error", equalTo("Invalid model — expected \"provider/id\""));
    put(SUBAGENT, "{\"model\":null}").then().statusCode(200).body("model", nullValue());
    mine().get(SUBAGENT).then().body("model", nullValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"model\":\" \"}", "{\"model\":7}", "{}", "[]", "{broken"})
  void whatNamesNoModelForSubagentsClearsIt(String nothing) {
    put(SUBAGENT, "{\"model\":\"a/one\"}").then().statusCode(200);
    put(SUBAGENT, nothing).then().statusCode(200).body("model", nullValue());
    mine().get(SUBAGENT).then().body("$", hasKey("model")).body("model", nullValue());
  }

  @Test
  void isForCallersAlone() {
    call().get(HIDDEN).then().statusCode(401);
    call().body("{}").put(SUBAGENT).then().statusCode(401);
  }

  @Test
  void whatIsSavedIsSaidToTheOtherServices() {
    String user = mine().get("/api/me").path("userId");
    put(HIDDEN, "{\"hiddenModels\":[\"a/one\"]}");
    put(SUBAGENT, "{\"model\":\"a/two\"}");
    PreferencesChanged first = heard.next(user);
    assertThat(first.saved()).isEqualTo(Preference.HIDDEN_MODELS);
    assertThat(first.hiddenModels()).containsExactly("a/one");
    PreferencesChanged second = heard.next(user);
    assertThat(second.saved()).isEqualTo(Preference.SUBAGENT_MODEL);
    assertThat(second.hiddenModels()).isEqualTo(List.of("a/one"));
    assertThat(second.subagentModel()).isEqualTo("a/two");
    call()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .get("/internal/preferences/" + user)
        .then()
        .statusCode(200)
        .body("hiddenModels", contains("a/one"))
        .body("subagentModel", equalTo("a/two"));
    call().get("/internal/preferences/" + user).then().statusCode(403);
  }
}
