package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.restassured.response.Response;
import java.util.UUID;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** A runner on a bare socket, and calls over REST that it has to answer. */
abstract class CalledRunnerTest extends GatewayTest {
  final String id = "runner-" + UUID.randomUUID();

  String path(String method, String call) {
    return method + " /api/runners/" + id + "/" + call;
  }

  /** A call like {@code GET skills/a} of this test's runner, or one with its whole path. */
  Response call(String caller, String call, @Nullable String body) {
    String[] parts = call.split(" ", 2);
    String path = parts[1].startsWith("/") ? parts[1] : "/api/runners/" + id + "/" + parts[1];
    var request =
        given().header("x-api-key", TestingCallers.keyOf(caller)).urlEncodingEnabled(false);
    if (body != null) {
      request.contentType("application/json").body(body);
    }
    return request.request(parts[0], path);
  }

  static void answer(RelaySocket daemon, Received asked, String event, JSONObject payload) {
    daemon.emit(
        event,
        new JSONObject(payload.toString())
            .put("requestId", String.valueOf(asked.text("requestId"))));
  }

  static void assertSimilar(JSONObject given, JSONObject expected) {
    assertThat(given.similar(expected)).as("%s is to be %s", given, expected).isTrue();
  }

  RelaySocket register() {
    return registerRunner(id);
  }
}
