package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.auth.TestingClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that would be something else if they were pasted into a statement or a header. */
@QuarkusTest
@RealStores
class HostileTextTest {
  private static final String HIDDEN = "/api/settings/hidden-models";

  private String cookie = "";

  @BeforeEach
  void signIn() {
    cookie = freshLogin();
  }

  private Response post(String path, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x' OR '1'='1",
        "'; DROP TABLE auth.api_key; --",
        "%",
        "_",
        "\\",
        "$1",
        "{x}",
        "a\r\nSet-Cookie: b=c"
      })
  void idsThatAreStatementsNameNothing(String hostile) {
    post("/api/auth/api-key/create", Map.of("name", "kept")).then().statusCode(200);
    post("/api/auth/api-key/delete", Map.of("keyId", hostile)).then().statusCode(404);
    post("/api/auth/api-key/update", Map.of("keyId", hostile, "name", "x")).then().statusCode(404);
    post("/api/auth/revoke-session", Map.of("token", hostile)).then().statusCode(200);
    call()
        .header("cookie", cookie)
        .get("/api/auth/api-key/list")
        .then()
        .body("$", hasSize(1))
        .body("[0].name", equalTo("kept"));
    call()
        .header("x-api-key", hostile.replaceAll("[\r\n]", ""))
        .get("/api/me")
        .then()
        .statusCode(401);
  }

  @Test
  void whatIsStoredComesBackAsItWas() {
    List<String> models = List.of("a/'; DROP TABLE x; --", "b/{\"c\",d}", "e/\\,f");
    call()
        .header("cookie", cookie)
        .body(Map.of("hiddenModels", models))
        .put(HIDDEN)
        .then()
        .statusCode(200);
    call().header("cookie", cookie).get(HIDDEN).then().body("hiddenModels", equalTo(models));
  }

  @Test
  void halfACharacterFailsNothing() {
    String half = "a\uD800b";
    for (Response answer :
        List.of(
            post("/api/auth/api-key/create", Map.of("name", half)),
            post("/api/auth/api-key/delete", Map.of("keyId", half)),
            post("/api/auth/update-user", Map.of("name", half)),
            TestingClient.register(half + "@example.com", TestingClient.PASSWORD))) {
      assertThat(answer.statusCode()).isLessThan(500);
    }
  }

  @Test
  void namesThatGoWithEveryIdentityHaveALimit() {
    String tooLong = "x".repeat(201);
    post("/api/auth/update-user", Map.of("name", "x".repeat(200))).then().statusCode(200);
    post("/api/auth/update-user", Map.of("name", tooLong))
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_ERROR"));
    post("/api/auth/update-user", Map.of("image", "x".repeat(2049))).then().statusCode(400);
    Map<String, String> account =
        Map.of(
            "email",
            TestingClient.freshEmail(),
            "password",
            TestingClient.PASSWORD,
            "name",
            tooLong);
    call().body(account).post("/api/auth/sign-up/email").then().statusCode(400);
    call().body(account).post("/api/register").then().statusCode(400);
  }

  @Test
  void aNulIsRefusedWhereverItIsPut() {
    String nul = "a\u0000b";
    post("/api/auth/api-key/create", Map.of("name", nul)).then().statusCode(400);
    post("/api/auth/api-key/delete", Map.of("keyId", nul)).then().statusCode(400);
    post("/api/auth/update-user", Map.of("name", nul)).then().statusCode(400);
    call()
        .header("cookie", cookie)
        .body(Map.of("hiddenModels", List.of(nul)))
        .put(HIDDEN)
        .then()
        .statusCode(400);
    call()
        .header("cookie", cookie)
        .body(Map.of("model", "p/" + nul))
        .put("/api/settings/subagent-model")
        .then()
        .statusCode(400);
    signUp("a\u0000@example.com").then().statusCode(400);
    TestingClient.register(nul + "@example.com", TestingClient.PASSWORD).then().statusCode(400);
  }
}
