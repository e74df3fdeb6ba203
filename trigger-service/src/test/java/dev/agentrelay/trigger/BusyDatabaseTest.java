package dev.agentrelay.trigger;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Whoever gets no connection to the database in time is told to come back. */
@QuarkusTest
class BusyDatabaseTest extends TriggerServiceTest {
  @Inject DataSource database;

  @ConfigProperty(name = "quarkus.datasource.jdbc.max-size")
  int connections;

  @Test
  void aDatabaseThatIsBusyIsAway() throws SQLException {
    List<Connection> taken = new ArrayList<>();
    try {
      for (int each = 0; each < connections; each++) {
        taken.add(database.getConnection());
      }
      asUser()
          .get("/api/sessions/" + session + "/trigger-subscriptions")
          .then()
          .statusCode(503)
          .header("Retry-After", notNullValue())
          .body("code", equalTo("unavailable"));
    } finally {
      for (Connection connection : taken) {
        connection.close();
      }
    }
  }
}
