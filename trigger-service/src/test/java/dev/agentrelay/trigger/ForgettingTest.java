package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What the service forgets, and what it keeps however old it is (rest.md 5.4, 7.7 and 8.3). */
@QuarkusTest
class ForgettingTest extends TriggerServiceTest {
  private static final String OLD = "{\"type\":\"ci:done\",\"payload\":{\"old\":true}}";
  private static final String NEW = "{\"type\":\"ci:done\",\"payload\":{\"old\":false}}";

  @Inject DataSource database;

  @Test
  void aHistoryIsKeptForADayAfterItsLastEntry() throws SQLException {
    SessionId busy = liveSession(user, runner, "/home/dev/project");
    fire(session, OLD);
    fire(busy, OLD);
    fire(busy, NEW);
    for (SessionId each : List.of(session, busy)) {
      execute(
          "update trigger.history set at = now() - interval '25 hours'"
              + " where session_id = ? and entry like '%\"old\":true%'",
          each.value());
    }

    awaitHistory(session, "", List.of());
    awaitHistory(busy, "", List.of(false, true));
  }

  @Test
  void whatWasUnderWayInAReplicaThatDiedIsOfUnknownOutcome() throws SQLException {
    gateway.script(session.value(), Outcome.ABSENT);
    asUser().body(OLD).post("/api/sessions/" + session + "/trigger").then().statusCode(503);
    execute(
        "update trigger.history set state = 'queued', reason = null, at = now() - interval '3 minutes'"
            + " where session_id = ?",
        session.value());

    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                history(session, "?state=all")
                    .body("triggers[0].delivery.state", equalTo("unknown"))
                    .body("triggers[0].delivery.reason", equalTo("the relay was restarted")));
    awaitHistory(session, "", List.of());
  }

  @Test
  void aFireIsTheSameEventForAWeek() throws SQLException {
    String event = publish(true);
    age("events", "created_at", "6 days 23 hours", "event_id", event);
    publish(false);

    age("events", "created_at", "7 days 1 hour", "event_id", event);

    await().atMost(SOON).until(() -> count("deliveries", "event_id", event) == 0);
    publish(true);
  }

  @Test
  void theOwnerOfASessionIsKnownForAMonthAndAsLongAsItsScheduleFires() throws SQLException {
    SessionId scheduled = liveSession(user, runner, "/home/dev/project");
    asUser()
        .body("{\"triggerType\":\"time:timer_fired\",\"params\":{\"duration\":\"1m\"}}")
        .post("/api/sessions/" + scheduled + "/trigger-subscriptions")
        .then()
        .statusCode(200);
    for (SessionId each : List.of(session, scheduled)) {
      execute(
          "insert into trigger.sessions (session_id, user_id, cwd, epoch, registered_at, ended_at)"
              + " values (?, 'somebody', '/', 1, now(), now() - interval '31 days')",
          each.value());
    }

    await().atMost(SOON).until(() -> count("sessions", "session_id", session.value()) == 0);
    assertThat(count("sessions", "session_id", scheduled.value())).isEqualTo(1);
  }

  private ValidatableResponse history(SessionId of, String query) {
    return asUser().get("/api/sessions/" + of + "/triggers" + query).then().statusCode(200);
  }

  private void awaitHistory(SessionId of, String query, List<Boolean> old) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> history(of, query).body("triggers.payload.old", equalTo(old)));
  }

  private void fire(SessionId at, String body) {
    asUser().body(body).post("/api/sessions/" + at + "/trigger").then().statusCode(200);
  }

  /** The id of the event. */
  private String publish(boolean created) {
    return asUser()
        .body(
            "{\"type\":\"a:b\",\"payload\":{},\"fireId\":\"f\",\"target\":{\"sessionId\":\""
                + session
                + "\"}}")
        .post("/api/events")
        .then()
        .statusCode(200)
        .body("created", equalTo(created))
        .extract()
        .path("eventId");
  }

  private void age(String table, String time, String by, String column, String value)
      throws SQLException {
    execute(
        "update trigger.%s set %s = now() - interval '%s' where %s = ?"
            .formatted(table, time, by, column),
        value);
  }

  private void execute(String statement, String value) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement prepared = connection.prepareStatement(statement)) {
      prepared.setString(1, value);
      prepared.executeUpdate();
    }
  }

  private int count(String table, String column, String value) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement prepared =
            connection.prepareStatement(
                "select count(*) from trigger.%s where %s = ?".formatted(table, column))) {
      prepared.setString(1, value);
      try (ResultSet counted = prepared.executeQuery()) {
        counted.next();
        return counted.getInt(1);
      }
    }
  }
}
