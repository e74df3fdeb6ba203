package dev.agentrelay.auth.operator;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.register;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.auth.TestingClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the accounts that settings name see, and nobody else. */
@QuarkusTest
@RealStores
class OperatorTest {
  /** As the tests' settings name it. */
  private static final String OPERATOR = "operator@example.com";

  @ParameterizedTest
  @ValueSource(strings = {"replicas", "users", "audit", "drills"})
  void everybodyElseIsRefused(String what) {
    call().get("/api/operator/" + what).then().statusCode(401);
    call()
        .header("cookie", freshLogin())
        .get("/api/operator/" + what)
        .then()
        .statusCode(403)
        .body("error", equalTo("Only operators who are signed in see this"))
        .body("code", equalTo("forbidden"));
  }

  @Test
  void anOperatorsKeyIsNotEnough() {
    String key =
        call()
            .header("cookie", operator())
            .body(Map.of())
            .post("/api/auth/api-key/create")
            .path("key");
    call().header("x-api-key", key).get("/api/operator/users").then().statusCode(403);
    call().header("x-api-key", key).get("/api/operator").then().body("operator", equalTo(false));
  }

  @Test
  void consolesAskWhetherThereIsMoreToShow() {
    call().header("cookie", operator()).get("/api/operator").then().body("operator", equalTo(true));
    call()
        .header("cookie", freshLogin())
        .get("/api/operator")
        .then()
        .statusCode(200)
        .body("operator", equalTo(false));
  }

  @Test
  void everyReplicaIsThereWithItsFigures() {
    String cookie = operator();
    await()
        .untilAsserted(
            () -> {
              Response found = call().header("cookie", cookie).get("/api/operator/replicas");
              assertThat(found.jsonPath().getList("replicas.service")).contains("auth-service");
              assertThat(
                      found
                          .jsonPath()
                          .getList(
                              "replicas.find { it.service == 'auth-service' }.figures.name",
                              String.class))
                  .contains("relay_requests_seconds_count", "relay_bound_limit")
                  .doesNotContain("relay_requests_seconds_bucket");
            });
  }

  @Test
  void accountsComeNewestFirstWithWhatTheyHave() {
    String cookie = operator();
    String email = freshEmail();
    register(email, TestingClient.PASSWORD).then().statusCode(200);
    Response page = call().header("cookie", cookie).get("/api/operator/users");
    assertThat(page.<String>path("users[0].email")).isEqualTo(email);
    assertThat(page.<Integer>path("users[0].keys")).isEqualTo(1);
    assertThat(page.<Integer>path("users[0].runners")).isZero();
    assertThat(page.asString()).doesNotContain("password");
  }

  @Test
  void theAuditTrailIsReadInPages() {
    String cookie = operator();
    List<String> keys = new ArrayList<>();
    for (int each = 0; each < 51; each++) {
      keys.add(
          call()
              .header("cookie", cookie)
              .body(Map.of())
              .post("/api/auth/api-key/create")
              .path("id"));
    }
    Response page = call().header("cookie", cookie).get("/api/operator/audit");
    List<String> subjects = new ArrayList<>(page.<List<String>>path("records.subject"));
    assertThat(subjects).hasSize(50).doesNotContain(keys.getFirst());
    Response older =
        call()
            .header("cookie", cookie)
            .get("/api/operator/audit?cursor=" + page.path("nextCursor"));
    subjects.addAll(older.path("records.subject"));
    assertThat(subjects).containsAll(keys);
    call()
        .header("cookie", cookie)
        .get("/api/operator/audit?cursor=nonsense")
        .then()
        .statusCode(200);
  }

  @Test
  void whatBecameOfDrillsIsKept() {
    String cookie = operator();
    tellOfDrill(cookie, Map.of("name", "crash of Redis", "passed", true, "backSeconds", 3.5))
        .then()
        .statusCode(200);
    tellOfDrill(
            cookie,
            Map.of("name", "crash of Kafka", "passed", false, "findings", "a trigger was lost"))
        .then()
        .statusCode(200);
    call()
        .header("cookie", cookie)
        .get("/api/operator/drills")
        .then()
        .body("drills[0].name", equalTo("crash of Kafka"))
        .body("drills[0].passed", equalTo(false))
        .body("drills[0].findings", equalTo("a trigger was lost"))
        .body("drills[0].backSeconds", nullValue())
        .body("drills[1].passed", equalTo(true))
        .body("drills[1].backSeconds", equalTo(3.5f));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|Missing or invalid 'name' field",
        "{\"name\":\" \",\"passed\":true}|Missing or invalid 'name' field",
        "{\"name\":\"x\"}|Missing or invalid 'passed' field",
        "{\"name\":\"x\",\"passed\":\"yes\"}|Missing or invalid 'passed' field",
        "{\"name\":\"x\",\"passed\":false}|Missing or invalid 'findings' field",
        "{\"name\":\"x\",\"passed\":true,\"backSeconds\":-1}|Missing or invalid 'backSeconds'"
            + " field",
        "[]|Invalid JSON body"
      })
  void aDrillThatSaysNothingIsRefused(String told, String error) {
    tellOfDrill(operator(), told).then().statusCode(400).body("error", equalTo(error));
  }

  @Test
  void nobodyElseTellsOfDrills() {
    tellOfDrill(freshLogin(), Map.of("name", "crash of Redis", "passed", true))
        .then()
        .statusCode(403);
  }

  private static Response tellOfDrill(String cookie, Object told) {
    return call().header("cookie", cookie).body(told).post("/api/operator/drills");
  }

  /** The cookie of the operator, who signs up once. */
  private static String operator() {
    Response signedUp = signUp(OPERATOR);
    return cookiePair(
        signedUp.statusCode() == 200
            ? signedUp
            : call()
                .body(Map.of("email", OPERATOR, "password", TestingClient.PASSWORD))
                .post("/api/auth/sign-in/email"));
  }
}
