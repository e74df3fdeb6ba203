package dev.agentrelay.auth.document;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.startsWith;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The API of all services, described where everybody can read it. */
@QuarkusTest
@RealStores
class DocumentTest {
  @Test
  void programsGetOneDocumentForAllServices() {
    given()
        .get("/api/openapi.json")
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("application/json"))
        .body("openapi", equalTo("3.1.0"))
        .body("paths", hasKey("/api/runners/spawn"))
        .body("paths", hasKey("/api/openapi.json"))
        .body("components.schemas.Error.properties.code.enum", hasItem("rate_limited"));
  }

  @Test
  void programsGetTheEventsOfTheSockets() {
    given()
        .get("/api/asyncapi.json")
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("application/json"))
        .body("asyncapi", equalTo("3.0.0"))
        .body("channels.viewer.messages", hasKey("received.switch_session"))
        .body("operations", hasKey("send.hub"));
  }

  @Test
  void peopleGetAPage() {
    given()
        .get("/api/docs")
        .then()
        .statusCode(200)
        .header("Content-Type", startsWith("text/html"))
        .body(containsString("/api/runners/spawn"));
  }
}
