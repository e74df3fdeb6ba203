package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.snapshot.SnapshotKeeper;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Paging into the messages of a session that has ended (sockets.md 4.6, 4.8). */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(AttachmentFolder.class)
class EndedMessagesTest {
  @Inject Redis redis;
  @Inject SessionIndex index;
  @Inject SnapshotKeeper keeper;

  private final UserId user = TestSession.newUser();
  private final TestSession session = TestSession.of(user);
  private final Instant now = TestSession.now();

  /** Ends the session with that event as its last state. */
  private void end(String event) {
    TestingLiveState live = new TestingLiveState(redis);
    live.add(session, now);
    index.apply(session.started(1, now));
    live.snapshot(session, "1-0", event);
    live.end(session);
    keeper.onEvent(session.ended(1, now));
    live.forgetSnapshot(session);
  }

  private Response page(String query) {
    return pageFor(user, query);
  }

  private Response pageFor(UserId reader, String query) {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(reader))
        .get("/api/sessions/" + session.id() + "/messages" + query);
  }

  private static String messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "{\"n\":" + n + "}")
        .collect(Collectors.joining(" , ", "[ ", " ]"));
  }

  @Test
  void pagesGoBackToTheFirstMessage() {
    end(
        "{\"type\":\"session_active\",\"state\":{\"cwd\":\"/\",\"todo\":[{\"messages\":[9]}],"
            + "\"messages\":"
            + messages(120)
            + ",\"model\":null},\"_x\":1}");

    page("")
        .then()
        .statusCode(200)
        .body("messages.n", equalTo(IntStream.range(70, 120).boxed().toList()))
        .body("oldestIndex", equalTo(70))
        .body("totalMessages", equalTo(120))
        .body("hasMore", equalTo(true));
    page("?before=70&limit=60")
        .then()
        .body("messages.n", equalTo(IntStream.range(10, 70).boxed().toList()))
        .body("hasMore", equalTo(true));
    page("?before=10")
        .then()
        .body("messages.n", equalTo(IntStream.range(0, 10).boxed().toList()))
        .body("oldestIndex", equalTo(0))
        .body("hasMore", equalTo(false));
    page("?before=0").then().statusCode(200).body("messages", empty());
    page("?before=999&limit=1").then().body("messages.n", contains(119));
  }

  @Test
  void messagesAreGivenAsTheyWereSent() {
    end("{\"type\":\"agent_end\",\"messages\":[ 1.0, \"ü\\u00e9\" ,{ \"a\" : 1E2 },null]}");

    assertThat(page("?limit=3").asString())
        .isEqualTo(
            "{\"messages\":[\"ü\\u00e9\",{ \"a\" : 1E2 },null],"
                + "\"hasMore\":true,\"oldestIndex\":1,\"totalMessages\":4}");
  }

  @Test
  void theyAreForTheOwnerAlone() {
    end("{\"type\":\"session_active\",\"state\":{}}");

    page("").then().statusCode(200).body("messages", empty()).body("hasMore", equalTo(false));
    pageFor(TestSession.newUser(), "")
        .then()
        .statusCode(404)
        .body("error", equalTo("Session not found"));
    given().get("/api/sessions/" + session.id() + "/messages").then().statusCode(401);
    for (String nonsense : new String[] {"?before=-1", "?before=x", "?limit=1.5"}) {
      page(nonsense).then().statusCode(400).body("code", equalTo("invalid_request"));
    }
  }

  @Test
  void theGatewayPagesForTheUserItNames() {
    end("{\"type\":\"session_active\",\"state\":{\"messages\":" + messages(3) + "}}");

    internal(user.value()).then().statusCode(200).body("messages.n", contains(1));
    internal(TestSession.newUser().value()).then().statusCode(404);
    internal("").then().statusCode(400);
    given()
        .get("/internal/sessions/" + session.id() + "/messages?userId=" + user)
        .then()
        .statusCode(403);
  }

  private Response internal(String reader) {
    return given()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .get("/internal/sessions/" + session.id() + "/messages?before=2&limit=1&userId=" + reader);
  }
}
