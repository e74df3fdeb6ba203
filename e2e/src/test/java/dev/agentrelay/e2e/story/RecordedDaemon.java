package dev.agentrelay.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.Json;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;

/**
 * A daemon on {@code /runner} that registers as generation 0.5.7 does and starts what it is asked.
 */
final class RecordedDaemon {
  static final String NAMESPACE = "/runner";

  private final WireClient wire;
  private final String runnerId = "runner-" + UUID.randomUUID();

  RecordedDaemon(URI relay) {
    wire = WireClient.connect(relay);
  }

  WireClient wire() {
    return wire;
  }

  String runnerId() {
    return runnerId;
  }

  /** 9.1, frames 1 to 7. */
  void register(Account owner) {
    assertThat(
            wire.join(
                    NAMESPACE,
                    Json.object(
                        "apiKey",
                        owner.apiKey(),
                        "runnerId",
                        runnerId,
                        "runnerSecret",
                        "secret-of-" + runnerId,
                        "protocolVersion",
                        1,
                        "clientVersion",
                        "0.5.7"))
                .payload()
                .keySet())
        .containsExactly("sid");
    wire.emit(
        NAMESPACE,
        "register_runner",
        Json.object(
            "runnerId",
            runnerId,
            "runnerSecret",
            "secret-of-" + runnerId,
            "name",
            "box",
            "roots",
            Json.array("/home/dev"),
            "skills",
            new JSONArray(),
            "agents",
            new JSONArray(),
            "plugins",
            new JSONArray(),
            "hooks",
            new JSONArray(),
            "version",
            "0.5.7",
            "platform",
            "linux"));
    assertThat(wire.await(NAMESPACE, "runner_registered").toMap())
        .containsOnly(Map.entry("runnerId", runnerId));
    wire.emit(NAMESPACE, "runner_warning_clear", new JSONObject());
    JSONObject snapshot = wire.await(NAMESPACE, "trigger_subscriptions_snapshot");
    assertThat(snapshot.getBoolean("isReconnect")).isTrue();
    assertThat(snapshot.getJSONArray("subscriptions")).isEmpty();
    JSONObject announce =
        Json.object(
            "serviceIds",
            Json.array("terminal", "git", "time"),
            "triggerDefs",
            new JSONArray(),
            "sigilDefs",
            new JSONArray());
    wire.emit(NAMESPACE, "service_announce", announce);
    wire.emit(NAMESPACE, "service_announce", announce);
    wire.emit(
        NAMESPACE,
        "trigger_subscriptions_applied",
        Json.object("revision", snapshot.getLong("revision"), "applied", 0));
  }

  /** Waits until it is asked for a session, has it ready and gives what it was asked. */
  JSONObject startSession() {
    JSONObject asked = wire.await(NAMESPACE, "new_session");
    wire.emit(NAMESPACE, "session_ready", Json.object("sessionId", asked.getString("sessionId")));
    return asked;
  }
}
