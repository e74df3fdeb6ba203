package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class CsrfGateTest {
  private static Response post(String path, Map<String, String> headers) {
    return given()
        .header("x-forwarded-for", freshAddress())
        .headers(headers)
        .contentType("application/json")
        .body("{}")
        .post(path);
  }

  private static void passes(Map<String, String> headers) {
    post("/api/register", headers).then().statusCode(400);
  }

  private static void refused(String path, Map<String, String> headers) {
    post(path, headers)
        .then()
        .statusCode(403)
        .body("error", equalTo("Cross-origin request rejected"))
        .body("code", equalTo("forbidden"));
  }

  @Test
  void aCookieFromAnotherSiteIsRefused() {
    refused("/api/register", Map.of("cookie", "a=b", "origin", "https://evil.example"));
    refused("/api/register", Map.of("cookie", "a=b", "origin", "null"));
    refused("/api/register", Map.of("cookie", "a=b", "sec-fetch-site", "cross-site"));
    refused("/api/nothing", Map.of("cookie", "a=b", "origin", "https://evil.example"));
  }

  @Test
  void othersPass() {
    passes(Map.of("cookie", "a=b", "origin", ORIGIN));
    passes(Map.of("cookie", "a=b", "sec-fetch-site", "same-site"));
    passes(Map.of("cookie", "a=b"));
    passes(Map.of("origin", "https://evil.example"));
  }
}
