package dev.agentrelay.auth.register;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.register;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.auth.PairedTimes;
import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@QuarkusTest
@RealStores
@TestProfile(ClosedSignUpsTest.Closing.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClosedSignUpsTest {
  public static final class Closing implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("relay.auth.close-signups-after-first-user", "true");
    }
  }

  private static final Logger LOG = Logger.getLogger(ClosedSignUpsTest.class);

  private static String first = "";

  @Test
  @Order(1)
  void oneOfTwoFirstRegistrationsWins() {
    call().get("/api/signup-status").then().statusCode(200).body("signupEnabled", equalTo(true));
    List<String> emails = List.of(freshEmail(), freshEmail());
    List<Response> answers =
        emails.stream()
            .map(email -> CompletableFuture.supplyAsync(() -> register(email, PASSWORD)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers.stream().map(Response::statusCode)).containsExactlyInAnyOrder(200, 403);
    first = emails.get(answers.getFirst().statusCode() == 200 ? 0 : 1);
  }

  @Test
  @Order(2)
  void afterwardsNobodyElseGetsIn() {
    call().get("/api/signup-status").then().body("signupEnabled", equalTo(false));
    signUp(freshEmail())
        .then()
        .statusCode(403)
        .body("error", equalTo("Signups are disabled. Contact the administrator."))
        .body("message", equalTo("Signups are disabled. Contact the administrator."));
    register(first, PASSWORD).then().statusCode(200);
    for (Response refused :
        List.of(register(freshEmail(), PASSWORD), register(first, "Wrong-Passw0rd"))) {
      refused
          .then()
          .statusCode(403)
          .body("error", equalTo("Registration is not available."))
          .body("code", equalTo("signups_closed"));
    }
  }

  @Test
  @Order(3)
  void timeDoesNotTellWhichAddressIsKnown() {
    PairedTimes times =
        PairedTimes.measure(
            () -> register(first, "Wrong-Passw0rd"),
            () -> register(freshEmail(), "Wrong-Passw0rd"));
    LOG.infof("refused, for a known address and for none: %s", times);
    assertThat(times.longer()).isBetween(0.2, 0.8);
  }
}
