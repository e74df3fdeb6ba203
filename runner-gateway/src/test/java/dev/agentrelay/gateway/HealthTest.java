package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health that clients read (rest.md H1). */
@QuarkusTest
class HealthTest extends GatewayTest {

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/status", "/api/status"})
  void healthSaysWhatClientsCompare(String path) {
    given()
        .get(path)
        .then()
        .statusCode(200)
        .body("status", equalTo("ok"))
        .body("redis", is(true))
        .body("socketio", is(true))
        .body("uptime", greaterThanOrEqualTo(0))
        .body("version.socketProtocol", is(1))
        .body("version.server", nullValue())
        .body("version.buildTimestamp", nullValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HEAD", "POST", "DELETE"})
  void anyMethodWillDo(String method) {
    given().request(method, "/health").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/nothing", "/api/runners/"})
  void unknownPathsAreNotFoundWhoeverAsks(String path) {
    given().get(path).then().statusCode(404).body("error", equalTo("Not found"));
  }
}
