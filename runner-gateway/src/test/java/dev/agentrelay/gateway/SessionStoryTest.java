package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Envelope;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The main job from end to end, in the order in which people see it. */
@QuarkusTest
class SessionStoryTest extends GatewayTest {

  @Test
  void aSpawnedSessionIsWatchedLiveTakesInputAndEnds() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedRunner runner = open(ScriptedRunner.start(mine(), RunnerScript.standard()));
    runner.awaitRegistered();

    JSONObject spawned = rest().spawn(runner.runnerId(), "/src", null);
    String session = spawned.getString("sessionId");
    assertThat(spawned.getBoolean("pending")).isFalse();
    ScriptedWorker worker = runner.awaitWorker(session);
    hub.await("session_added", session);
    // with the session, or in a status after it when the worker was faster than its runner's word
    await()
        .atMost(LIMIT)
        .until(
            () ->
                runner
                    .runnerId()
                    .equals(
                        String.valueOf(
                            Objects.requireNonNull(hub.session(session)).opt("runnerId"))));

    ScriptedViewer viewer = open(ScriptedViewer.connect(mine()));
    Envelope first = viewer.open(session);
    assertThat(first.type()).isEqualTo("session_active");

    CompletableFuture<Boolean> delivered = viewer.input("hello there");
    Envelope answer =
        viewer.awaitEvent(
            envelope ->
                envelope.type().equals("message_end")
                    && envelope.event().toString().contains("You said: hello there"),
            LIMIT);
    assertThat(answer.json().getString("sessionId")).isEqualTo(session);
    assertThat(worker.faults()).isEmpty();

    assertThat(delivered).isNotCompletedExceptionally();
    assertThat(viewer.exec("end_session")).succeedsWithin(LIMIT);
    assertThat(viewer.inbox().await(received -> received.is("disconnected"), LIMIT).text("code"))
        .isEqualTo("session_ended");
    runner.inbox().await(received -> received.is("session_ended"), LIMIT);
    hub.await("session_removed", session);
  }
}
