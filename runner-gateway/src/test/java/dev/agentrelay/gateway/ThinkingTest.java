package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.BareSession.envelope;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** How long the agent thought, as viewers are told (sockets.md 4.4.2). */
@QuarkusTest
class ThinkingTest extends GatewayTest {
  @Test
  void theMessageTellsHowLongItsThinkingTookAndItsRepetitionDoesNot() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    RelaySocket viewer = session.view();
    session.send(thinking("thinking_start", 1));
    session.send(thinking("thinking_delta", 1));
    session.send(thinking("thinking_end", 1));
    session.send(thinking("thinking_start", 2));
    session.send(message("message_end"));
    session.send(message("turn_end"));

    JSONArray content = content(viewer, "message_end");
    assertThat(content.getJSONObject(0).has("durationSeconds")).isFalse();
    assertThat(content.getJSONObject(1).getInt("durationSeconds")).isBetween(1, 10);
    assertThat(content.getJSONObject(1).getString("thinking")).isEqualTo("hm");
    assertThat(content.getJSONObject(2).has("durationSeconds")).isFalse();
    assertThat(content.getJSONObject(3).getInt("durationSeconds")).isEqualTo(7);
    assertThat(content(viewer, "turn_end").getJSONObject(1).has("durationSeconds")).isFalse();
  }

  @Test
  void aDurationThatTheWorkerMeasuredStays() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    RelaySocket viewer = session.view();
    session.send(thinking("thinking_start", 3));
    session.send(thinking("thinking_end", 3));
    session.send(message("turn_end"));
    assertThat(content(viewer, "turn_end").getJSONObject(3).getInt("durationSeconds")).isEqualTo(7);
  }

  @Test
  void thinkingThatNobodyWatchesIsMeasuredAsWell() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    session.sendStored(Json.object("type", "message_update", "n", 1));
    session.send(thinking("thinking_start", 1));
    session.sendStored(thinking("thinking_end", 1));
    RelaySocket viewer = session.view();
    session.send(message("message_end"));
    assertThat(content(viewer, "message_end").getJSONObject(1).getInt("durationSeconds"))
        .isBetween(1, 10);
  }

  private static JSONObject thinking(String step, int index) {
    return Json.object(
        "type",
        "message_update",
        "message",
        Json.object("role", "assistant"),
        "assistantMessageEvent",
        Json.object("type", step, "contentIndex", index));
  }

  private static JSONObject message(String type) {
    return Json.object(
        "type",
        type,
        "message",
        Json.object(
            "role",
            "assistant",
            "content",
            Json.array(
                Json.object("type", "text", "text", "a"),
                Json.object("type", "thinking", "thinking", "hm"),
                Json.object("type", "thinking", "thinking", "still going"),
                Json.object("type", "thinking", "thinking", "x", "durationSeconds", 7))));
  }

  private static JSONArray content(RelaySocket viewer, String type) {
    return envelope(viewer, type)
        .getJSONObject("event")
        .getJSONObject("message")
        .getJSONArray("content");
  }
}
