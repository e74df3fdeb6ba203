package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.snapshot.SnapshotKeeper;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What a user deletes is gone with everything that belongs to it. */
@QuarkusTest
class DeletionTest extends AttachmentTest {
  @Inject SessionIndex index;
  @Inject SnapshotKeeper snapshots;

  @Test
  void aSessionGoesWithItsStateAndItsFiles() throws Exception {
    index.apply(session.started(1, TestSession.now()));
    String id = client.uploaded(session, "a.txt", "text/plain", HELLO);
    TestingLiveState live = new TestingLiveState(redis);
    live.snapshot(session, "1-0", "{\"type\":\"session_active\",\"state\":{}}");
    live.end(session);
    snapshots.onEvent(session.ended(1, TestSession.now()));
    index.setPinned(user, session.id(), true);

    delete(TestSession.newUser())
        .statusCode(404)
        .body("error", equalTo("Session not found or not owned by you"));
    assertThat(client.send(client.download(id)).statusCode()).isEqualTo(200);
    delete(user).statusCode(200).body("ok", equalTo(true));

    HttpResponse<String> download = client.sendForText(client.download(id));
    assertThat(download.statusCode()).isEqualTo(404);
    assertThat(download.body()).contains("\"Attachment not found\"");
    as(user, "/messages").statusCode(404);
    as(user, "/events").statusCode(404);
    delete(user).statusCode(404);
    sweep.run();
    assertThat(names()).doesNotContain(id);
  }

  @Test
  void aLiveSessionIsNotDeleted() {
    index.apply(session.started(1, TestSession.now()));

    delete(user)
        .statusCode(409)
        .body("error", equalTo("Session is live"))
        .body("code", equalTo("conflict"));

    as(user, "/events").statusCode(200);
    // whose it is, is nobody else's business
    delete(TestSession.newUser()).statusCode(404);
  }

  private ValidatableResponse delete(UserId caller) {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(caller))
        .delete("/api/sessions/" + session.id())
        .then();
  }

  private ValidatableResponse as(UserId caller, String what) {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(caller))
        .get("/api/sessions/" + session.id() + what)
        .then();
  }
}
