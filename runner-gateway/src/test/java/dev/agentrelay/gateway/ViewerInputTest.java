package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What viewers say to a worker, and what they are told of it (sockets.md 4.7). */
@QuarkusTest
class ViewerInputTest extends GatewayTest {
  private final String session = UUID.randomUUID().toString();

  @Test
  void inputReachesTheWorkerReducedToWhatItMayCarry() {
    RelaySocket worker = socket(mine(), "/relay");
    worker.on("input", received -> {});
    worker.connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", session, "cwd", "/src"));
    worker.await("registered");
    RelaySocket viewer = show();
    viewer.emit(
        "input",
        Json.object(
            "text", "hi",
            "client", "web",
            "deliverAs", "whenever",
            "requestId", "r1",
            "attachments",
                Json.array(
                    Json.object("attachmentId", "a1", "filename", "f", "secret", "x"),
                    Json.object("filename", "no id"))));
    JSONObject input = worker.await("input").payload();
    assertThat(input.keySet())
        .containsExactlyInAnyOrder("text", "client", "requestId", "attachments");
    assertThat(input.getJSONArray("attachments").toList())
        .containsExactly(Map.of("attachmentId", "a1", "filename", "f"));
  }

  @Test
  void inputIsAcknowledgedAsTheWorkerSays() throws Exception {
    worker(
        WorkerScript.standard()
            .withSessionId(session)
            .withGeneration(WorkerScript.Generation.V0_52_0));
    RelaySocket viewer = show();
    assertThat(viewer.emitWithAck("input", Json.object("text", "hi", "client", "web")).get())
        .containsExactly(true);
  }

  @Test
  void inputThatTheWorkerDoesNotTakeIsNotDelivered() throws Exception {
    BareSession bare = BareSession.register(this, session);
    bare.worker.on("input", asked -> asked.acknowledge(false));
    assertThat(bare.view().emitWithAck("input", Json.object("text", "hi")).get())
        .containsExactly(false);
  }

  @Test
  void aSessionWithoutCollaborationTakesNoInput() throws Exception {
    worker(WorkerScript.standard().withSessionId(session).withCollab(false));
    RelaySocket viewer = show();
    assertThat(viewer.emitWithAck("input", Json.object("text", "hi")).get()).containsExactly(false);
  }

  @Test
  void inputWithoutASessionIsNotDelivered() throws Exception {
    assertThat(viewer().emitWithAck("input", Json.object("text", "hi")).get())
        .containsExactly(false);
  }

  private RelaySocket viewer() {
    return socket(mine(), "/viewer").connect().awaitConnected();
  }

  /** A viewer that has been greeted. */
  private RelaySocket show() {
    RelaySocket viewer = viewer();
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", 1));
    viewer.await("connected");
    return viewer;
  }
}
