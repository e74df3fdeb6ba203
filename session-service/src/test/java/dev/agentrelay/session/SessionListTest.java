package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** S1 of rest.md 5.1, over HTTP. */
@QuarkusTest
class SessionListTest extends ListingTest {
  @Test
  void aLiveSessionIsListedWithEveryField() {
    TestSession session = TestSession.of(user);
    live().add(session, now);
    TestSession foreign = TestSession.of(TestSession.newUser());
    live().add(foreign, now);

    JsonPath answer = list("includePersisted=0");

    assertThat(answer.getList("sessions")).hasSize(1);
    assertThat(answer.<String, Object>getMap("sessions[0]"))
        .containsEntry("sessionId", session.id().value())
        .containsEntry("shareUrl", "http://localhost:7492/session/" + session.id())
        .containsEntry("cwd", "/home/dev")
        .containsEntry("startedAt", Timestamps.text(now))
        .containsEntry("viewerCount", 0)
        .containsEntry("userId", user.value())
        .containsEntry("userName", "Ada")
        .containsEntry("sessionName", null)
        .containsEntry("isEphemeral", true)
        .containsEntry("expiresAt", Timestamps.text(now.plusSeconds(600)))
        .containsEntry("isActive", true)
        .containsEntry("lastHeartbeatAt", null)
        .containsEntry("model", Map.of("provider", "p", "id", "m"))
        .containsEntry("runnerId", "r1")
        .containsEntry("runnerName", "box")
        .containsEntry("parentSessionId", null)
        .containsEntry("status", "active")
        .hasSize(17);
    assertThat(answer.getList("persistedSessions")).isEmpty();
    assertThat(answer.<Object>get("nextCursor")).isNull();
  }

  @Test
  void pagesTogetherGiveEverySessionOnceAndThePinnedOnesEachTime() {
    List<TestSession> sessions =
        IntStream.range(0, 7)
            .mapToObj(
                i -> {
                  TestSession each = TestSession.of(user);
                  index.apply(each.started(1, now.minusSeconds(i / 2)));
                  return each;
                })
            .toList();
    String pinned = sessions.getLast().id().value();
    index.setPinned(user, sessions.getLast().id(), true);

    JsonPath page = list("limit=2");
    List<String> seen = new ArrayList<>(ids(page));
    assertThat(seen.getFirst()).isEqualTo(pinned);
    for (String cursor = page.getString("nextCursor"); cursor != null; ) {
      page = list("limit=2&cursor=" + cursor);
      List<String> ids = ids(page);
      assertThat(ids.getLast()).isEqualTo(pinned);
      seen.addAll(ids.subList(0, ids.size() - 1));
      cursor = page.getString("nextCursor");
    }

    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(sessions.stream().map(s -> s.id().value()).toList());
  }

  @Test
  void moreThanAPageOfPinnedSessionsHidesNoOther() {
    TestSession newest = TestSession.of(user);
    index.apply(newest.started(1, now));
    for (int i = 1; i <= 2; i++) {
      TestSession pinned = TestSession.of(user);
      index.apply(pinned.started(1, now.minusSeconds(i * 100L)));
      index.setPinned(user, pinned.id(), true);
    }

    JsonPath first = list("limit=1");
    JsonPath second = list("limit=1&cursor=" + first.getString("nextCursor"));

    assertThat(ids(second)).hasSize(3).first().isEqualTo(newest.id().value());
    assertThat(second.<Object>get("nextCursor")).isNull();
  }

  @Test
  void oddParametersAreTakenAsTheDefault() {
    TestSession session = TestSession.of(user);
    index.apply(session.started(1, now));

    for (String query : List.of("limit=x", "limit=0", "limit=-3", "cursor=nonsense", "limit=500")) {
      assertThat(ids(list(query))).as(query).containsExactly(session.id().value());
    }
    for (String no : List.of("0", "false", "FALSE", "No")) {
      assertThat(ids(list("includePersisted=" + no))).as(no).isEmpty();
    }
    assertThat(ids(list("includePersisted=1"))).hasSize(1);
  }

  @Test
  void aLimitBeyondTheLargestPageIsTheLargestPage() {
    for (int i = 0; i < 21; i++) {
      index.apply(TestSession.of(user).started(1, now.minusSeconds(i)));
    }
    assertThat(ids(list("limit=x"))).hasSize(20);
    assertThat(ids(list("limit=" + "9".repeat(30)))).hasSize(21);
  }

  @Test
  void expiredSessionsAreHiddenUnlessPinned() {
    TestSession expired = TestSession.of(user);
    index.apply(expired.started(1, now.minusSeconds(900), now.minusSeconds(300), null));
    assertThat(ids(list("limit=20"))).isEmpty();

    TestSession pinned = TestSession.of(user);
    index.apply(pinned.started(1, now.minusSeconds(900), now.plusSeconds(60), null));
    index.setPinned(user, pinned.id(), true);
    index.apply(pinned.active(1, now.minusSeconds(800), null));
    assertThat(ids(list("limit=20"))).containsExactly(pinned.id().value());
  }

  @Test
  void nobodyIsServedWithoutACredential() {
    given()
        .get("/api/sessions")
        .then()
        .statusCode(401)
        .body(equalTo("Missing API key (x-api-key header)"));
    given().header("x-api-key", "wrong").get("/api/sessions/pinned").then().statusCode(401);
    given().put("/api/sessions/any/pin").then().statusCode(401);
    given()
        .header("Cookie", TestingIdentities.cookie(user))
        .get("/api/sessions")
        .then()
        .statusCode(200)
        .contentType("application/json;charset=utf-8");
  }
}
