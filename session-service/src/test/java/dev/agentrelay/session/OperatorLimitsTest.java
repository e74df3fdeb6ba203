package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.removal.Sweep;
import dev.agentrelay.session.snapshot.SnapshotKeeper;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What an operator may set: a reserve on the disk, and how much is kept. */
@QuarkusTest
@TestProfile(OperatorLimitsTest.Limits.class)
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class OperatorLimitsTest {
  private static final int BYTES_PER_USER = 1_000;

  /** A disk that counts as full, and little that is kept. */
  public static final class Limits implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "relay.blob.keep-free", String.valueOf(Long.MAX_VALUE),
          "relay.session.retention.age", "1h",
          "relay.session.retention.bytes-per-user", String.valueOf(BYTES_PER_USER));
    }
  }

  @TestHTTPResource("/")
  URI relay;

  @Inject Redis redis;
  @Inject SessionIndex index;
  @Inject SnapshotKeeper snapshots;
  @Inject Sweep sweep;
  @Inject DataSource database;

  private final UserId user = TestSession.newUser();
  private final Instant now = TestSession.now();

  @Test
  void aFullDiskIsToldPlainlyAndTheServiceGoesOn() throws Exception {
    TestSession session = TestSession.of(user);
    new TestingLiveState(redis).add(session, now);
    try (AttachmentClient client = new AttachmentClient(relay, user)) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer =
            client.upload(
                session, new MultipartBody().file("file", "a", "text/plain", new byte[10]));
        assertThat(answer.statusCode()).isEqualTo(507);
        JsonPath body = JsonPath.from(answer.body());
        assertThat(body.getString("error")).contains("no room");
        assertThat(body.getString("code")).isEqualTo("insufficient_storage");
      }
    }
    image().then().statusCode(507).body("code", equalTo("insufficient_storage"));
    assertThat(AttachmentFolder.files()).isEmpty();
    given()
        .header("x-api-key", TestingIdentities.apiKey(user))
        .get("/api/sessions")
        .then()
        .statusCode(200);
  }

  private Response image() {
    return given()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .queryParam("userId", user.value())
        .queryParam("sessionId", "any")
        .contentType("text/plain")
        .body("aGVsbG8=")
        .post("/internal/attachments/images");
  }

  @Test
  void sessionsThatEndedLongAgoGoUnlessPinned() {
    TestSession old = ended(7_200);
    TestSession pinned = ended(7_200);
    TestSession recent = ended(60);
    TestSession running = TestSession.of(user);
    index.apply(running.started(1, now.minusSeconds(7_200), null, null));
    index.setPinned(user, pinned.id(), true);

    sweep.run();

    assertThat(exists(old)).isFalse();
    assertThat(exists(pinned)).isTrue();
    assertThat(exists(recent)).isTrue();
    assertThat(exists(running)).isTrue();
  }

  @Test
  void theLongestUnusedSessionsGoWhenAUserHasTooMuch() {
    TestSession oldest = ended(300);
    TestSession older = ended(200);
    TestSession newest = ended(100);
    for (TestSession each : new TestSession[] {oldest, older, newest}) {
      withState(each, BYTES_PER_USER / 2 - 10);
    }

    sweep.run();

    assertThat(exists(oldest)).isFalse();
    assertThat(exists(older)).isTrue();
    assertThat(exists(newest)).isTrue();
    // News told again, when the whole topic is read once more, bring nothing back.
    index.apply(oldest.started(1, now.minusSeconds(300), null, null));
    assertThat(exists(oldest)).isFalse();
    index.apply(oldest.started(2, Instant.now().plusSeconds(1), null, null));
    assertThat(exists(oldest)).isTrue();
  }

  @Test
  void aSessionThatIsPinnedWhileItIsSweptIsKept() throws Exception {
    TestSession old = ended(7_200);
    try (Connection pinning = database.getConnection();
        PreparedStatement pin =
            pinning.prepareStatement(
                "update session.sessions set pinned = true where session_id = ?")) {
      pinning.setAutoCommit(false);
      pin.setString(1, old.id().value());
      pin.executeUpdate();
      assertThat(CompletableFuture.runAsync(sweep::run)).succeedsWithin(Duration.ofSeconds(20));
      pinning.commit();
    }
    sweep.run();
    assertThat(exists(old)).isTrue();
  }

  private TestSession ended(int secondsAgo) {
    TestSession session = TestSession.of(user);
    Instant then = now.minusSeconds(secondsAgo);
    index.apply(session.started(1, then, null, null));
    index.apply(session.ended(1, then));
    return session;
  }

  private void withState(TestSession session, int bytes) {
    new TestingLiveState(redis).snapshot(session, "1-0", "x".repeat(bytes));
    snapshots.onEvent(session.ended(1, now));
  }

  private boolean exists(TestSession session) {
    return QuarkusTransaction.requiringNew()
        .call(() -> index.findByIdOptional(session.id().value()).isPresent());
  }
}
