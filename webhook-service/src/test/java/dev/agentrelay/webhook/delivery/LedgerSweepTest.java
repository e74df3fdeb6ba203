package dev.agentrelay.webhook.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long the ledger keeps what. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class LedgerSweepTest {
  @Inject Redis redis;
  @Inject DataSource database;
  @Inject LedgerSweep sweep;

  private TestOwner owner;

  @BeforeEach
  void makeOwner() {
    owner = new TestOwner(redis).runnerIsHere();
  }

  @Test
  void aBodyIsKeptForAWeekAndItsDeliveryForAMonth() throws SQLException {
    Hook hook = filtering();
    fire(hook, "k");
    age(hook, "6 days 23 hours");
    sweep.run();
    assertThat(delivery(hook)).containsEntry("bodyKept", true);

    age(hook, "7 days 1 hour");
    sweep.run();
    assertThat(delivery(hook)).containsEntry("bodyKept", false).containsEntry("bodyBytes", 2);
    owner
        .calls()
        .post("/api/webhooks/" + hook.id() + "/deliveries/" + delivery(hook).get("id") + "/replay")
        .then()
        .statusCode(409)
        .body("error", equalTo("The body of this delivery is no longer kept"));

    age(hook, "30 days 1 hour");
    sweep.run();
    assertThat(owner.deliveries(hook)).isEmpty();
  }

  @Test
  void whatStillWaitsIsKeptHoweverOld() throws SQLException {
    Hook hook = owner.hook(Map.of("whenOffline", "queue"));
    owner.runnerIsGone();
    TestOwner.fire(hook, "{}").then().statusCode(202);

    age(hook, "40 days");
    sweep.run();

    assertThat(delivery(hook)).containsEntry("state", "queued").containsEntry("bodyKept", true);
  }

  @Test
  void aSendersIdStandsForItsFirstDeliveryForADay() throws SQLException {
    Hook hook = filtering();
    fire(hook, "k");
    execute("update webhook.sender_ids set expires_at = now() + interval '1 minute'", hook);
    sweep.run();
    fire(hook, "k");
    assertThat(owner.deliveries(hook)).hasSize(1);

    execute("update webhook.sender_ids set expires_at = now() - interval '1 second'", hook);
    fire(hook, "k");
    assertThat(owner.deliveries(hook)).as("before a sweep").hasSize(2);
    execute("update webhook.sender_ids set expires_at = now() - interval '1 second'", hook);
    sweep.run();
    fire(hook, "k");
    assertThat(owner.deliveries(hook)).as("after it").hasSize(3);
  }

  @Test
  void oneReplicaSweepsAtATime() throws SQLException {
    Hook hook = filtering();
    fire(hook, "k");
    age(hook, "40 days");

    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      try (PreparedStatement lock = other.prepareStatement("select pg_advisory_xact_lock(?)")) {
        lock.setLong(1, LedgerSweep.LOCK);
        lock.execute();
      }
      sweep.run();
      assertThat(owner.deliveries(hook)).hasSize(1);
      other.rollback();
    }
    sweep.run();
    assertThat(owner.deliveries(hook)).isEmpty();
  }

  private Hook filtering() {
    return owner.hook(Map.of("eventFilter", List.of("none")));
  }

  private static void fire(Hook hook, String key) {
    Response answer = TestOwner.fire(hook, "{}", "Idempotency-Key", key);
    answer.then().statusCode(200).body("filtered", equalTo(true));
  }

  private Map<String, Object> delivery(Hook hook) {
    return owner.deliveries(hook).getFirst();
  }

  private void age(Hook hook, String by) throws SQLException {
    String times = " set received_at = now() - interval '" + by + "'";
    execute("update webhook.deliveries" + times, hook);
    execute(
        "update webhook.bodies b"
            + times
            + " from webhook.deliveries d where d.id = b.delivery_id and d.webhook_id = ?",
        hook);
  }

  /** The statement gets a condition on the webhook unless it has one. */
  private void execute(String statement, Hook hook) throws SQLException {
    String sql = statement.contains("?") ? statement : statement + " where webhook_id = ?";
    try (Connection connection = database.getConnection();
        PreparedStatement prepared = connection.prepareStatement(sql)) {
      prepared.setString(1, hook.id());
      prepared.executeUpdate();
    }
  }
}
