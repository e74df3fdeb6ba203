package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class NobodyCanTellTest {
  @Test
  void aCallerWhoCannotBeLookedUpIsNotTurnedAway() {
    call()
        .header("x-api-key", NobodyCanTell.CREDENTIAL.value())
        .get("/api/me")
        .then()
        .statusCode(503)
        .header("retry-after", matchesPattern("[1-9]\\d*"))
        .body("code", equalTo("unavailable"));
  }
}
