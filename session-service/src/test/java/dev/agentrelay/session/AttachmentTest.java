package dev.agentrelay.session;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.attachment.AttachmentSweep;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Somebody with a live session, who uploads and downloads over HTTP, and a stranger. */
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
abstract class AttachmentTest {
  static final int MEBIBYTE = 1_048_576;
  static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  @TestHTTPResource("/")
  URI relay;

  @Inject Redis redis;
  @Inject DataSource database;
  @Inject AttachmentSweep sweep;

  final UserId user = TestSession.newUser();
  final TestSession session = TestSession.of(user);
  AttachmentClient client;
  AttachmentClient stranger;

  @BeforeEach
  void open() {
    new TestingLiveState(redis).add(session, TestSession.now());
    client = new AttachmentClient(relay, user);
    stranger = new AttachmentClient(relay, TestSession.newUser());
  }

  @AfterEach
  void close() {
    client.close();
    stranger.close();
  }

  /** The names of all files in the folder of attachments. */
  static List<String> names() throws IOException {
    return AttachmentFolder.files().stream().map(file -> file.getFileName().toString()).toList();
  }

  /** The files of uploads that are under way. */
  static List<String> spooled() throws IOException {
    return names().stream().filter(name -> name.startsWith("upload-")).toList();
  }

  void change(String statement, String id) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement change = connection.prepareStatement(statement)) {
      change.setString(1, id);
      change.executeUpdate();
    }
  }
}
