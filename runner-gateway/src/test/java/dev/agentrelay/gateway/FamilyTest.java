package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import java.util.UUID;
import org.json.JSONObject;

/** Workers on bare sockets that are parents and children of each other. */
abstract class FamilyTest extends GatewayTest {
  static final String NO_CHILD =
      "Sender is no longer a child of the target session (linked relationship is broken or stale)";
  static final String NO_PARENT =
      "Sender is not the parent of the target session (linked relationship is broken or stale)";

  Member member(Object... registration) {
    return member(mine(), UUID.randomUUID().toString(), registration);
  }

  Member childOf(Member parent) {
    return member("parentSessionId", parent.id());
  }

  Member member(ClientOptions options, String id, Object... registration) {
    RelaySocket socket = socket(options, "/relay").connect().awaitConnected();
    socket.emit("register", Json.object(registration).put("sessionId", id).put("cwd", "/src"));
    return Member.registered(socket);
  }

  Member stranger() {
    return member(as("stranger-" + UUID.randomUUID()), UUID.randomUUID().toString());
  }

  ScriptedViewer viewerOf(Member member) {
    ScriptedViewer viewer = open(ScriptedViewer.connect(mine()));
    viewer.switchSession(member.id());
    viewer.inbox().await(received -> received.is("connected"), LIMIT);
    return viewer;
  }

  static long count(Member parent) {
    JSONObject answer = parent.ask("get_linked_child_count");
    assertOk(answer);
    return answer.getLong("count");
  }

  static void assertRefused(JSONObject answer, String text) {
    assertThat(answer.getBoolean("ok")).isFalse();
    assertThat(answer.getString("error")).isEqualTo(text);
  }

  static void assertOk(JSONObject answer) {
    assertThat(answer.getBoolean("ok")).as(answer.toString()).isTrue();
  }
}
