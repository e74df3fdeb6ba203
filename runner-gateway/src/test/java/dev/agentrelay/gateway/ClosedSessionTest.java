package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Set;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A session without collaboration is shown, and takes nothing from who looks at it (4.5). */
@QuarkusTest
class ClosedSessionTest extends GatewayTest {
  private final String id = UUID.randomUUID().toString();

  @Test
  void whatViewersDoIsDroppedAndTheyGoOnLooking() throws Exception {
    BareSession session =
        BareSession.register(
            this, id, Json.object("sessionId", id, "cwd", "/src", "collabMode", false));
    session.sendStored(BareSession.snapshot(new JSONArray().put("shown")));
    RelaySocket viewer = session.view();
    assertThat(BareSession.envelope(viewer, "session_active").toString()).contains("shown");
    viewer.emit("exec", Json.object("id", "e1", "command", "abort"));
    viewer.emit("model_set", Json.object("provider", "p", "modelId", "m"));
    viewer.emit("service_message", Json.object("serviceId", "git", "type", "t", "payload", 1));
    viewer.emit("trigger_response", Json.object("triggerId", "t1", "response", "yes"));
    assertThat(viewer.emitWithAck("input", Json.object("text", "hi")).get()).containsExactly(false);
    viewer.emit("resync", new JSONObject());
    BareSession.envelope(viewer, "session_active");
    session.sendStored(Json.object("type", "turn_start"));
    BareSession.envelope(viewer, "turn_start");
    Set<String> taken = Set.of("exec", "model_set", "trigger_response", "input");
    assertThat(session.worker.inbox().all()).noneMatch(got -> taken.contains(got.event()));
    assertThat(viewer.inbox().all()).noneMatch(got -> got.is("trigger_error") || got.is("error"));
  }
}
