package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Older messages of a session that has ended (sockets.md 4.8). */
@QuarkusTest
@QuarkusTestResource(TestingSessionService.class)
class EndedMessagesTest extends GatewayTest {
  private final String ended = UUID.randomUUID().toString();

  @Test
  void aViewerThatWasToldOfTheEndPagesOn() {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    name(viewer, ended, 4);
    load(viewer, ended, 57);

    JSONObject page = viewer.await("session_messages_page").payload();

    assertThat(page.getString("sessionId")).isEqualTo(ended);
    assertThat(page.getInt("generation")).isEqualTo(4);
    assertThat(page.getBoolean("hasMore")).isTrue();
    assertThat(page.getInt("oldestIndex")).isEqualTo(7);
    assertThat(page.getJSONArray("messages").toList())
        .containsExactly("userId=" + user + "&before=57&limit=50");
  }

  @Test
  void whatWasNotNamedOrIsNotKeptIsNotAnswered() {
    RelaySocket viewer = socket(mine(), "/viewer").connect().awaitConnected();
    String unknown = "unknown-" + ended;
    load(viewer, ended, 1);
    name(viewer, unknown, 1);
    load(viewer, unknown, 2);
    load(viewer, ended, 3);
    name(viewer, ended, 2);
    load(viewer, ended, 4);

    JSONObject page = viewer.await("session_messages_page").payload();

    assertThat(page.getJSONArray("messages").getString(0)).contains("before=4");
  }

  @Test
  void aViewerThatNamesAtTheHandshakeWhatIsNotKeptIsRefused() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = BareSession.register(this, ended);
    session.end();
    hub.await("session_removed", ended);
    assertThat(refusal(ended)).isEqualTo("Session snapshot not available");
    assertThat(refusal("unknown-" + ended)).isEqualTo("Session not found");
    assertThat(refusal("broken-" + ended)).isEqualTo("Failed to load session snapshot");
  }

  private String refusal(String session) {
    RelaySocket viewer = naming(session);
    String message = Json.requireText(viewer.await("error").payload(), "message");
    viewer.await("disconnect");
    return message;
  }

  @Test
  void theKeptStateHasWhatWasNewerWhenTheSessionEnded() {
    JSONObject event = naming("kept-" + ended).await("event").payload().getJSONObject("event");

    assertThat(event.getJSONObject("state").toMap())
        .containsEntry("cwd", "/")
        .containsEntry("thinkingLevel", "high");
  }

  /** A viewer that names a session at the handshake. */
  private RelaySocket naming(String session) {
    RelaySocket viewer =
        open(
            new RelaySocket(
                mine(),
                "/viewer",
                Map.of("apiKey", TestingCallers.keyOf(user), "sessionId", session)));
    viewer.connect();
    return viewer;
  }

  private static void name(RelaySocket viewer, String session, int generation) {
    viewer.emit("switch_session", Json.object("sessionId", session, "generation", generation));
    viewer
        .inbox()
        .await(
            received ->
                received.is("disconnected")
                    && received.payload().getInt("generation") == generation,
            LIMIT);
  }

  private static void load(RelaySocket viewer, String session, int before) {
    viewer.emit("load_messages", Json.object("sessionId", session, "before", before, "limit", 50));
  }
}
