package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opening a terminal, and what flows through it (rest.md 4.4, sockets.md 3.6 and 4.13). */
@QuarkusTest
@TestProfile(TightGateway.class)
class TerminalTest extends TerminalsTest {
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
}
