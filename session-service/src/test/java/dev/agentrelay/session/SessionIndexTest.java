package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.removal.Sweep;
import dev.agentrelay.session.sweep.ClusterLock;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the gateway's events make of the table, in whatever way they are told. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class SessionIndexTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @Inject SessionIndex index;
  @Inject Sweep sweep;
  @Inject DataSource database;

  private final Instant now = TestSession.now();
  private final TestSession session = TestSession.of(TestSession.newUser());

  @Test
  void eventsToldTwiceLeaveTheSameTable() {
    List<SessionEvent> events =
        List.of(
            session.started(1, now.minusSeconds(500)),
            session.linked(1, now.minusSeconds(499), "r1"),
            session.active(1, now.minusSeconds(400), "first name"),
            session.ended(1, now.minusSeconds(300)),
            session.started(2, now.minusSeconds(200)),
            session.active(2, now.minusSeconds(100), "second name"),
            session.ended(2, now.minusSeconds(50)));
    events.forEach(index::apply);
    ObjectNode once = row();

    events.forEach(index::apply);

    assertThat(row()).isEqualTo(once);
    assertThat(once.get("sessionName").asText()).isEqualTo("second name");
    assertThat(once.get("cwd").asText()).isEqualTo("/home/dev/epoch-2");
    assertThat(once.get("endedAt").isNull()).isFalse();
  }

  @Test
  void eventsOfAnOlderRegistrationChangeNothing() {
    index.apply(session.started(1, now.minusSeconds(20)));
    index.apply(session.started(2, now.minusSeconds(10)));
    ObjectNode before = row();

    index.apply(session.active(1, now, "late"));
    index.apply(session.linked(1, now, "late"));
    index.apply(session.ended(1, now));
    index.apply(session.started(1, now.minusSeconds(5)));

    assertThat(row()).isEqualTo(before);
  }

  @Test
  void aNewRegistrationCountsThoughItsClockIsBehind() {
    index.apply(session.started(1, now));
    index.apply(session.started(2, now.minusSeconds(5)));

    assertThat(row().get("cwd").asText()).isEqualTo("/home/dev/epoch-2");
  }

  @Test
  void aNewRegistrationCountsThoughEpochsStartedAgain() {
    index.apply(session.started(7, now.minus(HOUR)));
    index.apply(session.started(1, now));

    assertThat(row().get("cwd").asText()).isEqualTo("/home/dev/epoch-1");
    index.apply(session.ended(1, now));
    assertThat(row().get("endedAt").isNull()).isFalse();
  }

  @Test
  void nobodyTakesOverTheRowOfSomebodyElse() {
    index.apply(session.started(1, now.minusSeconds(10)));
    ObjectNode before = row();

    TestSession thief = session.takenBy(TestSession.newUser());
    index.apply(thief.started(2, now));
    index.apply(thief.active(2, now, "mine now"));
    index.apply(thief.ended(2, now));

    assertThat(row()).isEqualTo(before);
  }

  @Test
  void aReconnectKeepsPinNameAndRunner() {
    index.apply(session.started(1, now.minusSeconds(9), null, new RunnerId("r1")));
    index.apply(session.active(1, now.minusSeconds(8), "named"));
    index.setPinned(session.user(), session.id(), true);

    index.apply(session.ended(1, now.minusSeconds(7)));
    index.apply(session.started(2, now.minusSeconds(6), null, null));

    assertThat(row().get("isPinned").asBoolean()).isTrue();
    assertThat(row().get("sessionName").asText()).isEqualTo("named");
    assertThat(row().get("runnerId").asText()).isEqualTo("r1");
    assertThat(row().get("runnerName").asText()).isEqualTo("box");
    assertThat(row().get("endedAt").isNull()).isTrue();
  }

  @Test
  void theSweepDeletesWhatExpiredLongAgoAndIsNotPinned() {
    TestSession pinned = TestSession.of(session.user());
    TestSession fresh = TestSession.of(session.user());
    index.apply(session.started(1, now.minus(HOUR), now.minus(HOUR).minusSeconds(60), null));
    index.apply(pinned.started(1, now.minus(HOUR)));
    index.setPinned(pinned.user(), pinned.id(), true);
    index.apply(pinned.active(1, now.minus(HOUR.multipliedBy(2)), null));
    index.apply(fresh.started(1, now, now.minusSeconds(60), null));

    sweep.run();

    assertThat(exists(session)).isFalse();
    assertThat(exists(pinned)).isTrue();
    assertThat(exists(fresh)).isTrue();
  }

  @Test
  void aSessionThatComesBackWhileItIsSweptIsKept() throws SQLException {
    index.apply(session.started(1, now.minus(HOUR), now.minus(HOUR).minusSeconds(60), null));
    try (Connection comingBack = database.getConnection();
        PreparedStatement prolong =
            comingBack.prepareStatement(
                "update session.sessions set expires_at = now() + interval '10 minutes'"
                    + " where session_id = ?")) {
      comingBack.setAutoCommit(false);
      prolong.setString(1, session.id().value());
      prolong.executeUpdate();
      assertThat(CompletableFuture.runAsync(sweep::run)).succeedsWithin(Duration.ofSeconds(20));
      comingBack.commit();
    }
    sweep.run();
    assertThat(exists(session)).isTrue();
  }

  @Test
  void oneReplicaSweepsAtATime() throws SQLException {
    index.apply(session.started(1, now.minus(HOUR), now.minus(HOUR).minusSeconds(60), null));
    try (Connection otherReplica = database.getConnection()) {
      otherReplica.setAutoCommit(false);
      otherReplica
          .createStatement()
          .execute(
              "select pg_advisory_xact_lock(" + ClusterLock.Task.EXPIRED_SESSIONS.number() + ")");
      sweep.run();
      assertThat(exists(session)).isTrue();
      otherReplica.rollback();
    }
    sweep.run();
    assertThat(exists(session)).isFalse();
  }

  @Test
  void textThatPostgresCannotHoldLosesOnlyWhatItCannotHold() {
    index.apply(session.started(1, now.minusSeconds(5)));
    index.apply(session.active(1, now, "a\0b"));
    assertThat(row().get("sessionName").asText()).isEqualTo("ab");
  }

  private boolean exists(TestSession wanted) {
    return QuarkusTransaction.requiringNew()
        .call(() -> index.findByIdOptional(wanted.id().value()).isPresent());
  }

  /** What the session's owner is shown of it. */
  private ObjectNode row() {
    byte[] list =
        given()
            .header("x-api-key", TestingIdentities.apiKey(session.user()))
            .get("/api/sessions")
            .asByteArray();
    try {
      return (ObjectNode) RelayJson.mapper().readTree(list).at("/persistedSessions/0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
