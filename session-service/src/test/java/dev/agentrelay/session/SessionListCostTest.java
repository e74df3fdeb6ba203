package dev.agentrelay.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** What a page of S1 costs, however many sessions somebody has. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class SessionListCostTest {
  private static final Logger LOG = Logger.getLogger(SessionListCostTest.class);
  private static final int FEW = 100;
  private static final int MANY = 20_000;
  private static final int CALLS = 100;

  @TestHTTPResource("/")
  URI relay;

  @Inject DataSource database;

  private UserId userWith(int sessions) throws SQLException {
    UserId user = TestSession.newUser();
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into session.sessions (session_id, user_id, cwd, share_url, started_at,"
                    + " last_active_at, ephemeral, epoch, registered_at) select ? || n, ?, '/',"
                    + " '/', now(), now() - n * interval '1 minute', false, 1, now() from"
                    + " generate_series(1, ?) n")) {
      insert.setString(1, user.value());
      insert.setString(2, user.value());
      insert.setInt(3, sessions);
      insert.executeUpdate();
      try (PreparedStatement analyze = connection.prepareStatement("analyze session.sessions")) {
        analyze.execute();
      }
    }
    return user;
  }

  @Test
  void aPageIsReadThroughTheIndexOfItsUser() throws Exception {
    UserId user = userWith(MANY);
    String plan =
        plan(
            "explain select * from session.sessions where user_id = ? and pinned = false"
                + " and (pinned or expires_at is null or expires_at > now())"
                + " and last_active_at < now() order by last_active_at desc"
                + " fetch first 50 rows with ties",
            user);
    assertThat(plan).contains("Index Scan using sessions_of_user").doesNotContain("Sort");
    assertThat(plan("explain select * from session.sessions where user_id = ? and pinned", user))
        .contains("sessions_of_user");
  }

  private String plan(String query, UserId user) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (Connection connection = database.getConnection();
        PreparedStatement explain = connection.prepareStatement(query)) {
      explain.setString(1, user.value());
      try (ResultSet lines = explain.executeQuery()) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
    }
    return plan.toString();
  }

  @Test
  void aPageOfManySessionsCostsWhatOneOfFewCosts() throws Exception {
    UserId few = userWith(FEW);
    UserId many = userWith(MANY);
    median(few);
    Duration ofFew = median(few);
    Duration ofMany = median(many);
    LOG.infof("a first page takes %s of %d sessions, %s of %d", ofFew, FEW, ofMany, MANY);
    assertThat(ofMany).isLessThan(ofFew.multipliedBy(4));
  }

  private Duration median(UserId user) throws Exception {
    List<Duration> times = new ArrayList<>();
    try (AttachmentClient client = new AttachmentClient(relay, user)) {
      for (int i = 0; i < CALLS; i++) {
        long began = System.nanoTime();
        int status =
            client
                .send(
                    client.withKey(client.request("/api/sessions?includePersisted=1&limit=50")),
                    BodyHandlers.discarding())
                .statusCode();
        times.add(Duration.ofNanos(System.nanoTime() - began));
        assertThat(status).isEqualTo(200);
      }
    }
    return times.stream().sorted().toList().get(CALLS / 2);
  }
}
