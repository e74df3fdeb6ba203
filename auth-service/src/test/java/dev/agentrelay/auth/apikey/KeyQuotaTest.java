package dev.agentrelay.auth.apikey;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.agentrelay.auth.PublicRelay;
import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
@TestProfile(PublicRelay.class)
class KeyQuotaTest {
  @Test
  void aKeyThatIsUsedUpIsRefusedUntilItHasRested() {
    String key = freshKey();
    for (int i = 0; i < PublicRelay.REQUESTS_OF_A_KEY; i++) {
      call().header("x-api-key", key).get("/api/me").then().statusCode(200);
    }
    call()
        .header("x-api-key", key)
        .get("/api/me")
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
    call()
        .header("x-api-key", key)
        .get("/api/auth/get-session")
        .then()
        .statusCode(401)
        .body("code", equalTo("RATE_LIMITED"))
        .body("message", equalTo("Rate limit exceeded."))
        .body("details.tryAgainIn", greaterThan(0));
    call().header("x-api-key", freshKey()).get("/api/me").then().statusCode(200);
  }
}
