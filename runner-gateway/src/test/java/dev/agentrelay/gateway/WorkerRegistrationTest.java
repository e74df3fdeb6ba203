package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Workers register, come back and lose their sessions (sockets.md 4.3 and 4.14). */
@QuarkusTest
class WorkerRegistrationTest extends GatewayTest {
  private final String session = UUID.randomUUID().toString();

  @Test
  void aWorkerIsToldAllItReliesOn() {
    JSONObject registered = register(session).await("registered").payload();
    assertThat(registered.getString("sessionId")).isEqualTo(session);
    assertThat(registered.getString("token")).matches("[0-9a-f]{64}");
    assertThat(registered.getString("shareUrl")).endsWith("/session/" + session);
    assertThat(registered.getBoolean("isEphemeral")).isTrue();
    assertThat(registered.getBoolean("collabMode")).isTrue();
    assertThat(registered.isNull("parentSessionId") && registered.has("parentSessionId")).isTrue();
    assertThat(registered.getLong("serverTime")).isPositive();
    assertThat(registered.getBoolean("supportsSessionTriggerAck")).isTrue();
    assertThat(registered.has("wasDelinked")).isFalse();
  }

  @Test
  void aSessionIdOfSomebodyElseIsReplacedByAFreshOne() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket stranger =
        socket(as("stranger-" + UUID.randomUUID()), "/relay").connect().awaitConnected();
    stranger.emit("register", new JSONObject().put("sessionId", session).put("cwd", "/x"));
    assertThat(stranger.await("registered").text("sessionId")).isNotBlank().isNotEqualTo(session);
  }

  @Test
  void theIdStaysItsOwnersAfterTheSessionHasEnded() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    worker(WorkerScript.standard().withSessionId(session)).end();
    hub.await("session_removed", session);
    RelaySocket stranger =
        socket(as("stranger-" + UUID.randomUUID()), "/relay").connect().awaitConnected();
    stranger.emit("register", new JSONObject().put("sessionId", session).put("cwd", "/x"));
    assertThat(stranger.await("registered").text("sessionId")).isNotEqualTo(session);
  }

  @Test
  void aWorkerThatComesBackTakesItsSessionOver() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedWorker first = worker(WorkerScript.standard().withSessionId(session));
    String startedAt = hub.await("session_added", session).getString("startedAt");
    ScriptedViewer viewer = open(ScriptedViewer.connect(mine()));
    viewer.open(session);

    long mark = hub.inbox().mark();
    RelaySocket second = register(session);
    second.await("registered");

    JSONObject farewell =
        viewer.inbox().await(received -> received.is("disconnected"), LIMIT).payload();
    assertThat(farewell.getString("reason")).isEqualTo("Session reconnected");
    assertThat(farewell.getString("code")).isEqualTo("session_reconnected");
    viewer.inbox().await(received -> received.is("disconnect"), LIMIT);
    hub.inbox().awaitAfter(mark, received -> received.is("session_removed"), LIMIT);
    JSONObject again =
        hub.inbox().awaitAfter(mark, received -> received.is("session_added"), LIMIT).payload();
    assertThat(again.getString("startedAt")).isEqualTo(startedAt);

    // the older socket no longer speaks for the session, and its end does not end it
    first.sendEvent("{\"type\":\"ui_notify\"}");
    assertThat(first.socket().await("error").text("message")).isEqualTo("Invalid token");
    long afterTakeover = hub.inbox().mark();
    first.kill();
    String token = second.await("registered").payload().getString("token");
    second.emit("event", event(token, 1));
    assertThat(second.await("event_ack").payload().getLong("seq")).isEqualTo(1);
    assertThat(hub.inbox().all().subList((int) afterTakeover, (int) hub.inbox().mark()))
        .noneMatch(received -> received.is("session_removed"));
  }

  @Test
  void aWrongTokenIsToldAndChangesNothing() {
    RelaySocket worker = register(session);
    worker.await("registered");
    worker.emit("event", event("0".repeat(64), 1));
    assertThat(worker.await("error").text("message")).isEqualTo("Invalid token");
    worker.emit("session_end", new JSONObject().put("sessionId", session));
    worker.emit("event", event(worker.await("registered").payload().getString("token"), 2));
    assertThat(worker.await("event_ack").payload().getLong("seq")).isEqualTo(2);
  }

  @Test
  void anEventBeforeRegistrationHasNoValidToken() {
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("event", event("0".repeat(64), 1));
    assertThat(worker.await("error").text("message")).isEqualTo("Invalid token");
  }

  @Test
  void aLostWorkerEndsItsSession() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedWorker worker = worker(WorkerScript.standard().withSessionId(session));
    ScriptedViewer viewer = open(ScriptedViewer.connect(mine()));
    viewer.open(session);
    worker.kill();
    JSONObject farewell =
        viewer.inbox().await(received -> received.is("disconnected"), LIMIT).payload();
    assertThat(farewell.getString("reason")).isEqualTo("Session ended");
    assertThat(farewell.getString("code")).isEqualTo("session_ended");
    assertThat(farewell.has("generation")).isFalse();
    viewer.inbox().await(received -> received.is("disconnect"), LIMIT);
    hub.await("session_removed", session);
    assertThat(hub.session(session)).isNull();
  }

  @Test
  void aChildNamesItsLiveParent() {
    worker(WorkerScript.standard().withSessionId(session));
    RelaySocket child = socket(mine(), "/relay").connect().awaitConnected();
    child.emit(
        "register",
        new JSONObject().put("cwd", "/x").put("parentSessionId", session).put("collabMode", false));
    JSONObject registered = child.await("registered").payload();
    assertThat(registered.getString("parentSessionId")).isEqualTo(session);
    assertThat(registered.getBoolean("collabMode")).isFalse();
  }

  @Test
  void aParentOfSomebodyElseIsNotTakenOver() {
    RelaySocket stranger =
        socket(as("stranger-" + UUID.randomUUID()), "/relay").connect().awaitConnected();
    stranger.emit("register", new JSONObject().put("sessionId", session).put("cwd", "/x"));
    stranger.await("registered");
    RelaySocket child = socket(mine(), "/relay").connect().awaitConnected();
    child.emit("register", new JSONObject().put("cwd", "/x").put("parentSessionId", session));
    assertThat(child.await("registered").payload().isNull("parentSessionId")).isTrue();
  }

  private JSONObject event(String token, long seq) {
    return new JSONObject()
        .put("sessionId", session)
        .put("token", token)
        .put("event", new JSONObject().put("type", "ui_notify"))
        .put("seq", seq);
  }

  private RelaySocket register(String id) {
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("register", new JSONObject().put("sessionId", id).put("cwd", "/src"));
    return worker;
  }
}
