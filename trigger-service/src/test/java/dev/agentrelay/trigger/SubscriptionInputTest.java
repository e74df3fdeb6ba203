package dev.agentrelay.trigger;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.contracts.SessionId;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What params, filters and schedules a subscription may have (rest.md 5.5). */
@QuarkusTest
class SubscriptionInputTest extends TriggerServiceTest {
  private static final String ALL_KINDS =
      """
      {"triggerDefs":[
        {"type":"all:kinds","label":"All","params":[
          {"name":"json","label":"j","type":"json"},
          {"name":"number","label":"n","type":"number","enum":[1,2.5],"default":1},
          {"name":"numbers","label":"n","type":"number","enum":[1,2],"multiselect":true},
          {"name":"text","label":"t","type":"string"},
          {"name":"flag","label":"f","type":"boolean"}]},
        {"type":"one:needed","label":"One","params":[
          {"name":"numbers","label":"n","type":"number","enum":[1,2],"multiselect":true,
           "required":true}]},
        {"type":"free","label":"Free"},{"type":"deep:mode","label":"Deep","modes":["deep"]},
        {"type":"any:mode","label":"Any","modes":["any"]},
        {"type":"time:timer_fired","label":"Timer"},{"type":"time:cron","label":"Cron"},
        {"type":"time:at","label":"At"}],
       "sessionModes":[{"id":"any","workspace":"/"},{"id":"deep","workspace":"/home/dev/project"}]}
      """;

  @BeforeEach
  void announceAllKinds() {
    announce(runner, user, ALL_KINDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"json\":[1,{\"a\":null}]}|{\"json\":[1,{\"a\":null}]}",
        "{\"number\":\"2.50\",\"numbers\":\"2\"}|{\"number\":2.50,\"numbers\":[2]}",
        "{\"numbers\":[\"1\",\"x\",2]}|{\"numbers\":[1,2]}",
        "{\"text\":5,\"flag\":\"false\"}|{\"text\":\"5\",\"flag\":false}",
        "{\"text\":{\"a\":1},\"flag\":true}|{\"text\":\"{\\\"a\\\":1}\",\"flag\":true}",
        "{\"other\":[1],\"flag\":null}|{\"other\":[1]}",
      })
  void paramsAreTurnedIntoTheirTypesAndDefaultsAreNotAdded(String sent, String stored) {
    asUser()
        .body("{\"triggerType\":\"all:kinds\",\"params\":" + sent + "}")
        .post(path())
        .then()
        .statusCode(200)
        .body("params", equalTo(JsonPath.from(stored).getMap("")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "all:kinds|{\"number\":3}|Param 'number' must be one of: 1, 2.5",
        "all:kinds|{\"number\":\"x\"}|Param 'number' must be a number",
        "all:kinds|{\"numbers\":[3,\"4\"]}|Param 'numbers' contains invalid values: 3, 4."
            + " Allowed: 1, 2",
        "all:kinds|{\"flag\":1}|Param 'flag' must be a boolean (true/false)",
        "one:needed|{\"numbers\":[\"x\"]}|Param 'numbers' requires at least one valid value",
      })
  void paramsThatAreNotAllowedAreRefused(String type, String params, String error) {
    subscribe(type, "\"params\":" + params).statusCode(400).body("error", equalTo(error));
  }

  @Test
  void whatIsNoFilterListOrModeIsIgnoredAndAnObjectIsComparedAsText() {
    subscribe("free", "\"filters\":{\"field\":\"a\"},\"filterMode\":\"xor\"")
        .statusCode(200)
        .body("filters", nullValue())
        .body("filterMode", nullValue());
    subscribe("free", "\"filters\":[{\"field\":\"a\",\"value\":{\"b\":1},\"op\":\"near\"}]")
        .statusCode(200)
        .body("filters[0].value", equalTo("{\"b\":1}"))
        .body("filters[0].op", equalTo("eq"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "time:cron {\"cron\":\"*/5 0-6 1,15 * ?\"}",
        "time:at {\"at\":\"9:30 UTC\"}",
        "time:at {\"at\":\"09:30utc\"}",
        "time:at {\"at\":\"2026-03-01T12:00Z\"}",
        "time:at {\"at\":\"2026-03-01T12:00:00.5+01:00\"}",
        "time:at {\"at\":1772366400000}",
        "time:timer_fired {\"duration\":\"10m\"}",
      })
  void schedulesThatTheDaemonUnderstandsAreTaken(String schedule) {
    int space = schedule.indexOf(' ');
    subscribe(schedule.substring(0, space), "\"params\":" + schedule.substring(space + 1))
        .statusCode(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "time:cron|{\"cron\":\"0 0 * * * *\"}|Invalid cron expression",
        "time:cron|{\"cron\":\"0 0 * * MON\"}|Invalid cron expression",
        "time:cron|{}|Invalid cron expression",
        "time:at|{\"at\":\"2026-03-01T12:00:00\"}|Invalid time; use ISO 8601 with timezone or"
            + " HH:MMUTC",
        "time:at|{\"at\":\"9:30\"}|Invalid time; use ISO 8601 with timezone or HH:MMUTC",
        "time:timer_fired|{\"duration\":60}|Invalid duration",
      })
  void schedulesThatItCouldNotKeepAreRefused(String type, String params, String error) {
    subscribe(type, "\"params\":" + params).statusCode(400).body("error", equalTo(error));
  }

  @Test
  void ofTwoModesTheDeeperOneCounts() {
    subscribe("deep:mode", "\"params\":{}").statusCode(200);
    subscribe("any:mode", "\"params\":{}").statusCode(422);
    session = liveSession(user, runner, "/srv");
    subscribe("any:mode", "\"params\":{}").statusCode(200);
    subscribe("deep:mode", "\"params\":{}").statusCode(422);
  }

  @Test
  void aSessionWithoutARunnerHasNothingToSubscribeTo() {
    SessionId alone = liveSession(user, null, "/home/dev/project");
    asUser()
        .get("/api/sessions/" + alone + "/available-triggers")
        .then()
        .statusCode(200)
        .body("triggerDefs", hasSize(0));
    asUser()
        .get("/api/sessions/" + session + "/available-triggers")
        .then()
        .body(
            "triggerDefs.type",
            equalTo(
                List.of(
                    "all:kinds",
                    "one:needed",
                    "free",
                    "deep:mode",
                    "time:timer_fired",
                    "time:cron",
                    "time:at")));
  }

  private String path() {
    return "/api/sessions/" + session + "/trigger-subscriptions";
  }

  private ValidatableResponse subscribe(String type, String members) {
    return asUser().body("{\"triggerType\":\"" + type + "\"," + members + "}").post(path()).then();
  }
}
