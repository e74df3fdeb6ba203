package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What browsers are told of sessions, and which they may follow (sockets.md 3.4). */
@QuarkusTest
class HubTest extends GatewayTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

  private final String id = UUID.randomUUID().toString();

  private JSONObject listed() {
    return Objects.requireNonNull(listedSessions().get(id));
  }

  @Test
  void theListHasEveryMemberOfASession() {
    BareSession session = BareSession.register(this, id);
    JSONObject fresh = listed();
    assertThat(fresh.keySet())
        .containsExactlyInAnyOrder(
            "sessionId",
            "shareUrl",
            "cwd",
            "startedAt",
            "viewerCount",
            "userId",
            "userName",
            "sessionName",
            "isEphemeral",
            "expiresAt",
            "isActive",
            "lastHeartbeatAt",
            "model",
            "runnerId",
            "runnerName",
            "parentSessionId");
    assertThat(fresh.getString("shareUrl")).endsWith("/session/" + id);
    assertThat(fresh.getString("cwd")).isEqualTo("/src");
    assertThat(fresh.getString("startedAt")).matches(TIME);
    assertThat(fresh.getString("userId")).isEqualTo(user);
    assertThat(fresh.getString("userName")).isEqualTo("Name of " + user);
    assertThat(fresh.getBoolean("isEphemeral")).isTrue();
    assertThat(Duration.between(Instant.now(), Instant.parse(fresh.getString("expiresAt"))))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    assertThat(fresh.getBoolean("isActive")).isFalse();
    for (String unknown :
        new String[] {
          "sessionName", "lastHeartbeatAt", "model", "runnerId", "runnerName", "parentSessionId"
        }) {
      assertThat(fresh.isNull(unknown)).as(unknown).isTrue();
    }

    session.sendStored(
        Json.object(
            "type",
            "heartbeat",
            "active",
            true,
            "sessionName",
            "Fix the build",
            "model",
            Json.object("provider", "p", "id", "m", "name", "M")));
    JSONObject busy = listed();
    assertThat(busy.getBoolean("isActive")).isTrue();
    assertThat(busy.getString("sessionName")).isEqualTo("Fix the build");
    assertThat(busy.getString("lastHeartbeatAt")).matches(TIME);
    assertThat(busy.getJSONObject("model").getString("id")).isEqualTo("m");
  }

  @Test
  void aSessionThatIsNotEphemeralHasNoEnd() {
    BareSession.registerLasting(this, id);
    assertThat(listed().getBoolean("isEphemeral")).isFalse();
    assertThat(listed().isNull("expiresAt")).isTrue();
  }

  @Test
  void theSessionsOfOthersCannotBeFollowed() {
    BareSession session = BareSession.register(this, id);
    ScriptedHub owner = open(ScriptedHub.connect(mine()));
    owner.subscribeMeta(id);
    ClientOptions somebodyElse = as("stranger-" + user);
    String theirs = UUID.randomUUID().toString();
    RelaySocket worker = socket(somebodyElse, "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", theirs, "cwd", "/src"));
    worker.await("registered");
    ScriptedHub stranger = open(ScriptedHub.connect(somebodyElse));
    follow(stranger, id);
    follow(stranger, "unknown");
    stranger.subscribeMeta(theirs);
    session.send(planMode());
    owner.await("meta_event", id);
    stranger.subscribeMeta(theirs);
    assertThat(stranger.inbox().all()).noneMatch(told -> id.equals(told.text("sessionId")));
    assertThat(stranger.sessions()).containsOnlyKeys(theirs);
  }

  @Test
  void whoNoLongerFollowsIsToldNothingMore() {
    BareSession session = BareSession.register(this, id);
    BareSession other = BareSession.register(this, UUID.randomUUID().toString());
    ScriptedHub staying = open(ScriptedHub.connect(mine()));
    ScriptedHub leaving = open(ScriptedHub.connect(mine()));
    staying.subscribeMeta(id);
    leaving.subscribeMeta(id);
    leaving.unsubscribeMeta(id);
    leaving.subscribeMeta(other.id);
    session.send(planMode());
    staying.await("meta_event", id);
    assertThat(leaving.subscribeMeta(id).getLong("version")).isEqualTo(1);
    assertThat(leaving.inbox().all()).noneMatch(told -> told.is("meta_event"));
  }

  private static JSONObject planMode() {
    return Json.object("type", "plan_mode_toggled", "enabled", true);
  }

  private static void follow(ScriptedHub hub, String session) {
    hub.socket().emit("subscribe_session_meta", Json.object("sessionId", session));
  }
}
