package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.attachment.AttachmentSweep;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.removal.Removal;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Images that the gateway cuts out of messages (sockets.md 4.4.5). */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class ImageTest {
  @Inject SessionIndex index;
  @Inject Removal removal;
  @Inject AttachmentSweep sweep;
  @Inject DataSource database;

  private final UserId user = TestSession.newUser();
  private final TestSession session = TestSession.of(user);
  private final byte[] image = bytes();
  private final String base64 = Base64.getEncoder().encodeToString(image);

  private static byte[] bytes() {
    byte[] bytes = new byte[20_000];
    new Random().nextBytes(bytes);
    return bytes;
  }

  @Test
  void anImageIsKeptOnceForEachUser() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest((user + ":" + base64).getBytes(StandardCharsets.UTF_8));
    String id = HexFormat.of().formatHex(digest).substring(0, 24);

    for (TestSession each : List.of(session, TestSession.of(user))) {
      keep(each, base64)
          .then()
          .statusCode(200)
          .body("attachmentId", equalTo(id))
          .body("url", equalTo("/api/attachments/" + id))
          .body("size", equalTo(image.length));
    }
    assertThat(keep(TestSession.of(TestSession.newUser()), base64).path("attachmentId").toString())
        .isNotEqualTo(id);
    Response fetched = fetch(id);
    assertThat(fetched.statusCode()).isEqualTo(200);
    assertThat(fetched.contentType()).isEqualTo("image/png");
    assertThat(fetched.asByteArray()).isEqualTo(image);
  }

  @Test
  void onlyTheSuiteBringsImages() {
    given().body(base64).post("/internal/attachments/images").then().statusCode(403);
    keep(session, "this is not Base64!").then().statusCode(400);
  }

  @Test
  void anImageLivesAsLongAsAPinnedSessionShowsIt() throws Exception {
    TestSession pinned = TestSession.of(user);
    index.apply(session.started(1, TestSession.now()));
    index.apply(pinned.started(1, TestSession.now()));
    index.setPinned(user, pinned.id(), true);
    String id = keep(session, base64).path("attachmentId");
    keep(pinned, base64);

    removal.remove(List.of(session.id().value()));
    expireSoon(id);
    sweep.run();
    assertThat(fetch(id).statusCode()).isEqualTo(200);

    removal.remove(List.of(pinned.id().value()));
    assertThat(fetch(id).statusCode()).isEqualTo(404);
  }

  @Test
  void anImageLivesAsLongAsASessionThatShowsItHasNotExpired() throws Exception {
    TestSession expired = TestSession.of(user);
    index.apply(session.started(1, TestSession.now()));
    index.apply(expired.started(1, TestSession.now(), TestSession.now().minusSeconds(1), null));
    String id = keep(session, base64).path("attachmentId");
    String other = keep(expired, Base64.getEncoder().encodeToString(bytes())).path("attachmentId");

    expireSoon(id);
    expireSoon(other);
    sweep.run();

    assertThat(fetch(id).statusCode()).isEqualTo(200);
    assertThat(fetch(other).statusCode()).isEqualTo(404);
  }

  private void expireSoon(String id) throws Exception {
    try (Connection connection = database.getConnection();
        PreparedStatement change =
            connection.prepareStatement(
                "update session.attachments set expires_at = now() where attachment_id = ?")) {
      change.setString(1, id);
      change.executeUpdate();
    }
  }

  private Response fetch(String id) {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(user))
        .get("/api/attachments/" + id);
  }

  private static Response keep(TestSession session, String base64) {
    return given()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .queryParam("userId", session.user().value())
        .queryParam("sessionId", session.id().value())
        .queryParam("mediaType", "image/png")
        .contentType("text/plain")
        .body(base64)
        .post("/internal/attachments/images");
  }
}
