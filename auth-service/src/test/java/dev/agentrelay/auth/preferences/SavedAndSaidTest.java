package dev.agentrelay.auth.preferences;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.contracts.UserId;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is saved is said; what was taken back is not. */
@QuarkusTest
@RealStores
class SavedAndSaidTest {
  /** Shorter than two rounds of the schedule, which says what could not be said at once. */
  private static final Duration SOON = Duration.ofSeconds(9);

  @Inject HeardPreferences heard;
  @Inject Preferences preferences;

  @Test
  void everyCommitIsSaidAtOnceAlsoAfterARollback() {
    String cookie = freshLogin();
    String user = call().header("cookie", cookie).get("/api/me").path("userId");
    Instant began = Instant.now();
    for (int round = 0; round < 4; round++) {
      QuarkusTransaction.begin();
      preferences.setSubagentModel(new UserId(user), "taken/back");
      QuarkusTransaction.rollback();
      String model = "kept/" + round;
      call()
          .header("cookie", cookie)
          .body(Map.of("model", model))
          .put("/api/settings/subagent-model")
          .then()
          .statusCode(200);
      assertThat(heard.next(user).subagentModel()).isEqualTo(model);
    }
    assertThat(Duration.between(began, Instant.now())).isLessThan(SOON);
  }
}
