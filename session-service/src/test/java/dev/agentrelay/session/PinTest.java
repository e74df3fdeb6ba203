package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import org.junit.jupiter.api.Test;

/** S2 to S4 of rest.md 5.1, over HTTP. */
@QuarkusTest
class PinTest extends ListingTest {
  @Test
  void pinningIsForTheOwnerAndCanBeRepeated() {
    TestSession session = TestSession.of(user);
    index.apply(session.started(1, now));
    String path = "/api/sessions/" + session.id() + "/pin";

    for (int i = 0; i < 2; i++) {
      as(user)
          .put(path)
          .then()
          .statusCode(200)
          .body("ok", equalTo(true))
          .body("isPinned", equalTo(true));
    }
    JsonPath pinned =
        as(user).get("/api/sessions/pinned").then().statusCode(200).extract().jsonPath();
    assertThat(pinned.<String, Object>getMap("pinnedSessions[0]"))
        .containsEntry("sessionId", session.id().value())
        .containsEntry("isPinned", true);

    as(TestSession.newUser())
        .delete(path)
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found or not owned by you"))
        .body("code", equalTo("not_found"));
    as(user).delete(path).then().statusCode(200).body("isPinned", equalTo(false));
    as(user).get("/api/sessions/pinned").then().body("pinnedSessions.size()", equalTo(0));
  }

  @Test
  void thePinTellsAnybodyWhichMethodsItTakes() {
    given()
        .post("/api/sessions/any/pin")
        .then()
        .statusCode(405)
        .header("Allow", "PUT, DELETE")
        .body(equalTo("Method not allowed"));
    given().get("/api/sessions/any/pin").then().statusCode(405);
  }
}
