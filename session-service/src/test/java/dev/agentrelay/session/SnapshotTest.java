package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.removal.Removal;
import dev.agentrelay.session.snapshot.SnapshotKeeper;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The last states of sessions, for those who look at one that has ended. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class SnapshotTest {
  private static final String FIRST = "{\"type\":\"session_active\",\"state\":{\"n\":1.0}}";
  private static final String SECOND = "{\"type\":\"session_active\",\"state\":{\"n\":2.0}}";

  private static final String OVERLAY = "{\"goal\":{\"n\":1.50}}";

  @Inject Redis redis;
  @Inject SessionIndex index;
  @Inject SnapshotKeeper keeper;
  @Inject Removal removal;

  private final UserId user = TestSession.newUser();
  private final TestSession session = TestSession.of(user);
  private final Instant now = TestSession.now();
  private TestingLiveState live;

  @BeforeEach
  void makeLive() {
    live = new TestingLiveState(redis);
    live.add(session, now);
    take(session.started(1, now));
  }

  @Test
  void theLastStateOutlivesTheSession() {
    live.snapshot(session, "1-0", FIRST);
    take(session.active(1, now, null));
    assertThat(read(user).asString()).isEqualTo(kept(FIRST, "null"));

    live.snapshot(session, "7-0", SECOND);
    live.overlay(session, OVERLAY);
    live.end(session);
    take(session.ended(1, now));
    live.forgetSnapshot(session);

    assertThat(read(user).asString()).isEqualTo(kept(SECOND, OVERLAY));
    assertThat(read(TestSession.newUser()).statusCode()).isEqualTo(404);
    given().get("/internal/sessions/" + session.id() + "/snapshot").then().statusCode(403);
  }

  @Test
  void newsToldAgainLeaveTheSameState() {
    live.snapshot(session, "1-0", FIRST);
    List<SessionEvent> news = List.of(session.active(1, now, null), session.ended(1, now));
    news.forEach(this::take);
    live.end(session);
    live.forgetSnapshot(session);

    news.forEach(this::take);

    assertThat(read(user).asString()).isEqualTo(kept(FIRST, "null"));
  }

  @Test
  void theStateOfSomebodyElseIsNotKept() {
    live.snapshot(session, "1-0", FIRST);
    take(session.active(1, now, null));

    TestSession thief = session.takenBy(TestSession.newUser());
    live.snapshot(session, "2-0", SECOND);
    take(thief.started(2, now.plusSeconds(90)));
    take(thief.active(2, now.plusSeconds(91), null));
    take(thief.ended(2, now.plusSeconds(92)));

    assertThat(read(user).asString()).isEqualTo(kept(FIRST, "null"));
    assertThat(read(thief.user()).statusCode()).isEqualTo(404);
  }

  @Test
  void aRemovedSessionTakesItsStateAlong() {
    live.snapshot(session, "1-0", FIRST);
    take(session.active(1, now, null));

    removal.remove(List.of(session.id().value()));
    index.apply(session.started(2, now.plusSeconds(1)));

    assertThat(read(user).statusCode()).isEqualTo(404);
  }

  private static String kept(String event, String overlay) {
    return "{\"event\":" + event + ",\"overlay\":" + overlay + "}";
  }

  private void take(SessionEvent event) {
    index.apply(event);
    keeper.onEvent(event);
  }

  private Response read(UserId reader) {
    return given()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .queryParam("userId", reader.value())
        .get("/internal/sessions/" + session.id() + "/snapshot");
  }
}
