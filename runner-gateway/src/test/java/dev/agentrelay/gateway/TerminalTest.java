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
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Terminals (rest.md 4.4, sockets.md 3.6 and 4.13), with life times short enough to be seen. */
@QuarkusTest
@TestProfile(TerminalTest.ShortLives.class)
class TerminalTest extends GatewayTest {
  private static final int REPLAY = 20;

  /** Short enough to be waited for. */
  public static final class ShortLives implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "relay.terminal.unclaimed-ttl", "3s",
          "relay.terminal.idle-ttl", "4s",
          "relay.terminal.ended-ttl", "3s",
          "relay.terminal.seen-ttl", "1s",
          "relay.terminal.replay-messages", String.valueOf(REPLAY));
    }
  }

  @Inject Redis redis;

  private final String id = "runner-" + UUID.randomUUID();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400|Missing runnerId",
        "no json|400|Missing runnerId",
        "{\"runnerId\":\"nobody\"}|404|Runner not found",
        "{\"runnerId\":\"RUNNER\",\"cwd\":\"/etc\"}|400|Runner cannot access cwd: /etc"
      })
  void whatCannotBeOpenedIsRefused(String body, int status, String text) {
    register();
    JSONObject request = body.startsWith("{") ? Json.parse(body.replace("RUNNER", id)) : null;
    HttpResponse<String> answer = rest().exchange("POST", "/api/runners/terminal", request);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(Json.parse(answer.body()).getString("error")).isEqualTo(text);
  }

  @Test
  void nonsenseSizesAreTakenAndTheRunnerIsNotAskedYet() {
    RelaySocket runner = register();
    String terminal = open(Json.object("cols", -1, "rows", "many", "cwd", "/src"));
    RelaySocket viewer = view(mine(), terminal);
    viewer.await("terminal_connected");
    assertThat(runner.inbox().all()).noneMatch(received -> received.is("new_terminal"));
    viewer.emit("terminal_resize", Json.object("cols", 0));
    assertThat(runner.await("new_terminal").payload().toMap())
        .isEqualTo(Map.of("terminalId", terminal, "cwd", "/src", "cols", 80, "rows", 24));
  }

  @ParameterizedTest
  @CsvSource({"'',Missing terminal ID", "unknown,Terminal not found"})
  void aTerminalThatIsNoneIsRefusedByAnEventAndTheEnd(String terminal, String text) {
    RelaySocket viewer = view(mine(), terminal);
    JSONObject error = viewer.await("terminal_error").payload();
    assertThat(error.toMap()).isEqualTo(Map.of("terminalId", terminal, "message", text));
    viewer.await("disconnect");
  }

  @Test
  void aTerminalIsForItsOwnerOnly() {
    register();
    RelaySocket viewer = view(as("stranger-" + user), open(new JSONObject()));
    assertThat(viewer.await("terminal_error").text("message")).isEqualTo("Forbidden");
    viewer.await("disconnect");
  }

  @Test
  void theFirstResizeStartsTheShellAndOthersArePassedOn() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket first = view(mine(), terminal);
    RelaySocket second = view(mine(), terminal);
    first.await("terminal_connected");
    second.await("terminal_connected");
    first.emit("terminal_resize", size(100, 30));
    assertThat(runner.await("new_terminal").payload().toMap())
        .isEqualTo(Map.of("terminalId", terminal, "cols", 100, "rows", 30));
    second.emit("terminal_resize", size(90, 20));
    first.emit("terminal_input", Json.object("terminalId", "another", "data", "bHM="));
    assertThat(runner.await("terminal_resize").payload().toMap())
        .isEqualTo(Map.of("terminalId", terminal, "cols", 90, "rows", 20));
    assertThat(runner.await("terminal_input").payload().toMap())
        .isEqualTo(Map.of("terminalId", terminal, "data", "bHM="));
    runner.emit("terminal_ready", Json.object("terminalId", terminal));
    say(runner, terminal, "b3V0");
    for (RelaySocket viewer : List.of(first, second)) {
      assertThat(viewer.await("terminal_ready").text("type")).isEqualTo("terminal_ready");
      assertThat(viewer.await("terminal_data").payload().toMap())
          .isEqualTo(Map.of("type", "terminal_data", "terminalId", terminal, "data", "b3V0"));
    }
    assertThat(runner.inbox().all().stream().filter(r -> r.is("new_terminal"))).hasSize(1);
  }

  @Test
  void onlyTheFirstEndIsShownAndTheTerminalIsGoneSoonAfter() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(runner, terminal);
    viewer.emit("kill_terminal", Json.object("terminalId", "another"));
    assertThat(runner.await("kill_terminal").text("terminalId")).isEqualTo(terminal);
    exit(runner, terminal, -1);
    exit(runner, terminal, 0);
    assertThat(viewer.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(-1);
    awaitGone(terminal);
    assertThat(viewer.inbox().all().stream().filter(r -> r.is("terminal_exit"))).hasSize(1);
    assertThat(viewer.connected()).isTrue();
  }

  @Test
  void aViewerThatComesBackSeesWhatNobodySawAndNoMore() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(runner, terminal);
    say(runner, terminal, "seen");
    viewer.inbox().await(received -> data(received, "seen"), LIMIT);
    leave(viewer, terminal);
    for (int i = 0; i <= REPLAY; i++) {
      say(runner, terminal, "missed-" + i);
    }
    settle(runner);
    RelaySocket next = view(mine(), terminal);
    next.await("terminal_connected");
    List<String> replayed =
        next.inbox().all().stream()
            .filter(received -> received.is("terminal_data"))
            .map(received -> String.valueOf(received.text("data")))
            .toList();
    assertThat(replayed).hasSize(REPLAY).startsWith("missed-1").endsWith("missed-" + REPLAY);
    RelaySocket third = view(mine(), terminal);
    third.await("terminal_connected");
    assertThat(third.inbox().all()).noneMatch(received -> received.is("terminal_data"));
    say(runner, terminal, "live");
    next.inbox().await(received -> data(received, "live"), LIMIT);
    third.inbox().await(received -> data(received, "live"), LIMIT);
  }

  @Test
  void aLateViewerSeesTheEnd() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    leave(started(runner, terminal), terminal);
    exit(runner, terminal, 3);
    settle(runner);
    RelaySocket late = view(mine(), terminal);
    assertThat(late.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(3);
    late.await("terminal_connected");
    awaitGone(terminal);
  }

  @Test
  void anErrorIsAnEndToo() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = view(mine(), terminal);
    viewer.await("terminal_connected");
    viewer.emit("terminal_resize", size(80, 24));
    runner.await("new_terminal");
    runner.emit("terminal_error", Json.object("terminalId", terminal, "message", "no shell"));
    assertThat(viewer.await("terminal_error").text("message")).isEqualTo("no shell");
    awaitGone(terminal);
  }

  @Test
  void aRunnerThatLeavesEndsItsTerminals() {
    RelaySocket runner = register();
    RelaySocket running = started(runner, open(new JSONObject()));
    RelaySocket waiting = view(mine(), open(new JSONObject()));
    waiting.await("terminal_connected");
    runner.close();
    for (RelaySocket viewer : List.of(running, waiting)) {
      assertThat(viewer.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(-1);
    }
  }

  @Test
  void aNewerConnectionOfTheRunnerKeepsItsTerminals() {
    RelaySocket former = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(former, terminal);
    RelaySocket runner = register();
    former.close();
    say(runner, terminal, "still here");
    viewer.inbox().await(received -> data(received, "still here"), LIMIT);
    assertThat(viewer.inbox().all()).noneMatch(received -> received.is("terminal_exit"));
  }

  @Test
  void whatAnotherRunnerSaysOfATerminalIsDropped() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(runner, terminal);
    RelaySocket other = socket(mine(), "/runner").connect().awaitConnected();
    other.emit("register_runner", Json.object("runnerId", "other-" + id, "runnerSecret", "s"));
    other.await("trigger_subscriptions_snapshot");
    say(other, terminal, "forged");
    exit(other, terminal, 0);
    settle(other);
    say(runner, terminal, "true");
    viewer.inbox().await(received -> data(received, "true"), LIMIT);
    assertThat(viewer.inbox().all())
        .noneMatch(received -> data(received, "forged") || received.is("terminal_exit"));
  }

  @Test
  void aTerminalThatNobodyClaimsIsCollected() {
    register();
    awaitGone(open(new JSONObject()));
  }

  @Test
  void aTerminalThatNobodyUsesIsCollectedAndItsShellEnded() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    leave(started(runner, terminal), terminal);
    assertThat(
            runner
                .inbox()
                .await(received -> received.is("kill_terminal"), LIMIT.multipliedBy(2))
                .text("terminalId"))
        .isEqualTo(terminal);
    awaitGone(terminal);
  }

  @Test
  void aFloodIsSlowedDownToWhatTheViewerTakesAndNothingIsLost() throws Exception {
    RelaySocket runner = register();
    runner.on(
        "get_skill",
        asked ->
            runner.emit(
                "skill_result",
                Json.object("requestId", asked.text("requestId"), "ok", true, "content", "c")));
    String terminal = open(new JSONObject());
    try (RawBrowser viewer = new RawBrowser(relay)) {
      viewer.awaitMessage("0{");
      viewer.send(
          "40/terminal,"
              + Json.object("apiKey", TestingCallers.keyOf(user), "terminalId", terminal));
      viewer.awaitMessage("42/terminal,[\"terminal_connected\"");
      viewer.send("42/terminal,[\"terminal_resize\",{\"cols\":80,\"rows\":24}]");
      runner.await("new_terminal");
      int messages = 350;
      String filling = "y".repeat(32 * 1024);
      for (int i = 0; i < messages; i++) {
        say(runner, terminal, i + "-" + filling);
      }
      // the answer stands behind the flood, on a connection that is no longer read
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(
              () -> rest().exchange("GET", "/api/runners/" + id + "/skills/a", null));
      runner.await("get_skill");
      settle(registerOther());
      assertThat(answer).isNotDone();
      for (int i = 0; i < messages; i++) {
        String shown = viewer.awaitMessage("42/terminal,[\"terminal_data\"");
        assertThat(shown).contains("\"data\":\"" + i + "-y");
      }
      assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  private RelaySocket registerOther() {
    RelaySocket other = socket(mine(), "/runner").connect().awaitConnected();
    other.emit("register_runner", Json.object("runnerId", "other-" + id, "runnerSecret", "s"));
    other.await("trigger_subscriptions_snapshot");
    return other;
  }

  /** Waits until all that the daemon has said was handled: its reports are taken in order. */
  private void settle(RelaySocket daemon) {
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
  private void leave(RelaySocket viewer, String terminal) {
    viewer.close();
    awaitMissing(LiveKeys.terminalViewers(new TerminalId(terminal)));
  }

  private RelaySocket started(RelaySocket runner, String terminal) {
    RelaySocket viewer = view(mine(), terminal);
    viewer.await("terminal_connected");
    viewer.emit("terminal_resize", size(80, 24));
    runner.inbox().await(r -> r.is("new_terminal") && terminal.equals(r.text("terminalId")), LIMIT);
    runner.emit("terminal_ready", Json.object("terminalId", terminal));
    viewer.await("terminal_ready");
    return viewer;
  }

  /** Nobody may look in vain before the end, because a look keeps a terminal alive. */
  private void awaitGone(String terminal) {
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

  private static boolean data(Received received, String data) {
    return received.is("terminal_data") && data.equals(received.text("data"));
  }

  private static void say(RelaySocket runner, String terminal, String data) {
    runner.emit("terminal_data", Json.object("terminalId", terminal, "data", data));
  }

  private static void exit(RelaySocket runner, String terminal, int code) {
    runner.emit("terminal_exit", Json.object("terminalId", terminal, "exitCode", code));
  }

  private static JSONObject size(int cols, int rows) {
    return Json.object("cols", cols, "rows", rows);
  }

  private RelaySocket view(ClientOptions options, String terminal) {
    Map<String, Object> auth =
        Map.of("apiKey", String.valueOf(options.apiKey()), "terminalId", terminal);
    return open(new RelaySocket(options, "/terminal", auth)).connect();
  }

  private String open(JSONObject request) {
    HttpResponse<String> answer =
        rest().send("POST", "/api/runners/terminal", request.put("runnerId", id));
    JSONObject opened = Json.parse(answer.body());
    assertThat(opened.getString("runnerId")).isEqualTo(id);
    return opened.getString("terminalId");
  }

  private RelaySocket register() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit(
        "register_runner",
        Json.object("runnerId", id, "runnerSecret", "s", "roots", Json.array("/src")));
    runner.await("trigger_subscriptions_snapshot");
    return runner;
  }
}
