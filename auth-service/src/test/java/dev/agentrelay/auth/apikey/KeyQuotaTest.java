package dev.agentrelay.auth.apikey;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
@TestProfile(KeyQuotaTest.Limited.class)
class KeyQuotaTest {
  public static final class Limited implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("relay.api-keys.limited", "true", "relay.api-keys.requests", "2");
    }
  }

  @Test
  void aKeyThatIsUsedUpIsRefusedUntilItHasRested() {
    String key = freshKey();
    for (int i = 0; i < 2; i++) {
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
