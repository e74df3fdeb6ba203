package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;

/** Terminals on a runner of the test's own, with life times short enough to be seen. */
abstract class TerminalsTest extends GatewayTest {
  @Inject Redis redis;

  final String id = "runner-" + UUID.randomUUID();

  RelaySocket registerOther() {
    RelaySocket other = socket(mine(), "/runner").connect().awaitConnected();
    other.emit("register_runner", Json.object("runnerId", "other-" + id, "runnerSecret", "s"));
    other.await("trigger_subscriptions_snapshot");
    return other;
  }

  /** Waits until all that the daemon has said was handled: its reports are taken in order. */
  void settle(RelaySocket daemon) {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    String warning = "settled " + UUID.randomUUID();
    daemon.emit("runner_warning", Json.object("message", warning));
    feed.inbox()
        .await(
            received ->
                received.is("runner_updated") && received.payload().toString().contains(warning),
            LIMIT);
  }

  /** The only viewer leaves, and the relay has noticed. */
  void leave(RelaySocket viewer, String terminal) {
    viewer.close();
    awaitMissing(LiveKeys.terminalViewers(new TerminalId(terminal)));
  }

  RelaySocket started(RelaySocket runner, String terminal) {
    RelaySocket viewer = view(mine(), terminal);
    viewer.await("terminal_connected");
    viewer.emit("terminal_resize", size(80, 24));
    runner.inbox().await(r -> r.is("new_terminal") && terminal.equals(r.text("terminalId")), LIMIT);
    runner.emit("terminal_ready", Json.object("terminalId", terminal));
    viewer.await("terminal_ready");
    return viewer;
  }

  /** Nobody may look in vain before the end, because a look keeps a terminal alive. */
  void awaitGone(String terminal) {
    awaitMissing(LiveKeys.terminal(new TerminalId(terminal)));
    assertThat(view(mine(), terminal).await("terminal_error").text("message"))
        .isEqualTo("Terminal not found");
  }

  private void awaitMissing(String key) {
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              var found = redis.send(Request.cmd(Command.EXISTS).arg(key));
              return found.toCompletionStage().toCompletableFuture().get().toLong() == 0;
            });
  }

  static boolean data(Received received, String data) {
    return received.is("terminal_data") && data.equals(received.text("data"));
  }

  static void say(RelaySocket runner, String terminal, String data) {
    runner.emit("terminal_data", Json.object("terminalId", terminal, "data", data));
  }

  static void exit(RelaySocket runner, String terminal, int code) {
    runner.emit("terminal_exit", Json.object("terminalId", terminal, "exitCode", code));
  }

  static JSONObject size(int cols, int rows) {
    return Json.object("cols", cols, "rows", rows);
  }

  RelaySocket view(ClientOptions options, String terminal) {
    Map<String, Object> auth =
        Map.of("apiKey", String.valueOf(options.apiKey()), "terminalId", terminal);
    return open(new RelaySocket(options, "/terminal", auth)).connect();
  }

  String open(JSONObject request) {
    HttpResponse<String> answer =
        rest().send("POST", "/api/runners/terminal", request.put("runnerId", id));
    JSONObject opened = Json.parse(answer.body());
    assertThat(opened.getString("runnerId")).isEqualTo(id);
    return opened.getString("terminalId");
  }

  RelaySocket register() {
    return registerRunner(id);
  }
}
