package dev.agentrelay.auth.apikey;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class KeyChangeTest {
  private String cookie = "";
  private String id = "";
  private String key = "";

  @BeforeEach
  void makeAKey() {
    cookie = freshLogin();
    Response made =
        call()
            .header("cookie", cookie)
            .body(Map.of("name", "laptop", "prefix", "pzpe"))
            .post("/api/auth/api-key/create");
    id = made.path("id");
    key = made.path("key");
  }

  private Response update(Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/auth/api-key/update");
  }

  private Response get(String who, String which) {
    return call().header("cookie", who).queryParam("id", which).get("/api/auth/api-key/get");
  }

  private void opens(int status) {
    call().header("x-api-key", key).get("/api/me").then().statusCode(status);
  }

  @Test
  void showsOneKeyToItsOwnerAlone() {
    get(cookie, id)
        .then()
        .statusCode(200)
        .body("name", equalTo("laptop"))
        .body("$", not(hasKey("key")));
    get(freshLogin(), id).then().statusCode(404).body("code", equalTo("API_KEY_NOT_FOUND"));
    call()
        .header("cookie", cookie)
        .get("/api/auth/api-key/get")
        .then()
        .statusCode(400)
        .body("code", equalTo("VALIDATION_ERROR"));
  }

  @Test
  void aDisabledKeyOpensNothingUntilItIsEnabled() {
    opens(200);
    update(Map.of("keyId", id, "enabled", false))
        .then()
        .statusCode(200)
        .body("enabled", equalTo(false))
        .body("$", not(hasKey("key")));
    opens(401);
    update(Map.of("keyId", id, "enabled", true)).then().statusCode(200);
    opens(200);
  }

  @Test
  void nobodyElseChangesIt() {
    call()
        .header("cookie", freshLogin())
        .body(Map.of("keyId", id, "enabled", false))
        .post("/api/auth/api-key/update")
        .then()
        .statusCode(404)
        .body("code", equalTo("API_KEY_NOT_FOUND"));
    opens(200);
  }

  @Test
  void changesNameAndLife() {
    update(Map.of("keyId", id, "name", "desktop", "expiresIn", 86_400))
        .then()
        .statusCode(200)
        .body("name", equalTo("desktop"))
        .body("expiresAt", notNullValue());
    update(Map.of("keyId", id)).then().statusCode(400).body("code", equalTo("NO_VALUES_TO_UPDATE"));
    update(Map.of("keyId", id, "remaining", 1)).then().statusCode(400);
    update(Map.of("keyId", "nobody's", "name", "x")).then().statusCode(404);
  }

  @Test
  void aUseShowsInTheList() {
    opens(200);
    get(cookie, id).then().body("lastRequest", notNullValue());
  }
}
