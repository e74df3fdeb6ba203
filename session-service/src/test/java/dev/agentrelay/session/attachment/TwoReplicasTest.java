package dev.agentrelay.session.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.session.AttachmentFolder;
import dev.agentrelay.session.sweep.ClusterLock.Task;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What two replicas with one database do side by side. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class TwoReplicasTest {
  private static final UserId USER = new UserId("ada");

  @Inject DataSource database;
  @Inject SigningKeys keys;
  @Inject AttachmentConfig config;
  @Inject ObjectMapper json;
  @Inject SharedClock clock;
  @Inject AttachmentRecords records;
  @Inject AttachmentSweep sweep;

  private AttachmentTokens tokensOfAReplica() {
    return new AttachmentTokens(keys, config, json, clock);
  }

  @Test
  void aTokenOfOneOpensAtTheOther() {
    String token = tokensOfAReplica().mint(USER, "a").token();
    assertThat(tokensOfAReplica().check(token))
        .contains(new AttachmentTokens.Permission(USER, "a"));
  }

  @Test
  void keysMadeAtOnceAreOneKey() {
    String purpose = UUID.randomUUID().toString();
    List<CompletableFuture<byte[]>> made =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> keys.key(purpose)))
            .toList();
    assertThat(made.stream().map(CompletableFuture::join))
        .allSatisfy(key -> assertThat(key).isEqualTo(made.getFirst().join()));
  }

  @Test
  void oneSweepsWhileTheOtherWaitsForItsTurn() throws Exception {
    String id = UUID.randomUUID().toString();
    records.announce(
        new Attachment(
            id,
            new SessionId("s"),
            USER,
            "a.txt",
            "text/plain",
            1,
            Instant.now().minusSeconds(60),
            false));
    try (Connection other = database.getConnection()) {
      other.setAutoCommit(false);
      query(other, "select 1, pg_advisory_xact_lock(" + Task.EXPIRED_ATTACHMENTS.number() + ")");
      sweep.run();
      assertThat(count(id)).isEqualTo(1);
      other.rollback();
    }
    sweep.run();
    assertThat(count(id)).isZero();
  }

  private int count(String id) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return query(
          connection,
          "select count(*)::int from session.attachments where attachment_id = '" + id + "'");
    }
  }

  private static int query(Connection connection, String query) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}
