package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class FunnelTest {
  private static void is(Response answer, int status, String error, String code) {
    answer.then().statusCode(status).body("error", equalTo(error)).body("code", equalTo(code));
  }

  @Test
  void whatNobodyForesawIsSaidWithoutDetails() {
    is(call().get("/failing/bug"), 500, "Internal server error", "internal");
  }

  @Test
  void underTheLoginsPrefixItHasAllThatClientsRead() {
    Response answer = call().get("/api/auth/failing");
    is(answer, 500, "Auth error", "INTERNAL");
    answer.then().body("message", equalTo("Auth error"));
  }

  @Test
  void aStoreThatIsAwayIsNeverNotFound() {
    for (String store : new String[] {"redis", "postgres"}) {
      Response answer = call().get("/failing/" + store);
      is(answer, 503, "Service temporarily unavailable", "unavailable");
      answer.then().header("retry-after", matchesPattern("[1-9]\\d*"));
    }
  }

  @Test
  void malformedJsonIsSaidInTheSameWords() {
    for (String body : new String[] {"{broken", "[1]", "\"text\""}) {
      is(call().body(body).post("/failing/json"), 400, "Invalid JSON body", "invalid_request");
    }
  }

  @Test
  void aCookieIsNotEnoughWhereAKeyIsNeeded() {
    is(call().get("/failing/key-only"), 401, "API key required", "unauthorized");
    is(
        call().header("cookie", freshLogin()).get("/failing/key-only"),
        401,
        "API key required",
        "unauthorized");
    is(
        call().header("authorization", "Basic YTpi").get("/failing/key-only"),
        401,
        "API key required",
        "unauthorized");
    call()
        .header("x-api-key", "wrong")
        .get("/failing/key-only")
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
    call().header("x-api-key", freshKey()).get("/failing/key-only").then().statusCode(200);
    call()
        .header("authorization", "Bearer " + freshKey())
        .get("/failing/key-only")
        .then()
        .statusCode(200);
  }
}
