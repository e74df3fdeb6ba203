package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Commands to a runner and its terminals, asked for on the other replica (rest.md 1.4, 4.4). */
class RunnerRoutesIT extends SuiteTest {
  private final ClientOptions near = me.at(suite.gatewayA().url());
  private final ClientOptions far = me.at(suite.gatewayB().url());

  @Test
  void aRunnerAnswersOnEveryReplica() {
    ScriptedRunner runner = open(ScriptedRunner.connect(near, RunnerScript.standard()));
    runner.answer(
        "get_skill",
        asked ->
            new ScriptedRunner.Answer(
                "skill_result",
                Json.object("ok", true, "name", asked.optString("name"), "content", "text")));
    HttpResponse<String> answer = ask(runner, "GET", "skills/a", null);
    assertThat(answer.body()).isEqualTo("{\"name\":\"a\",\"content\":\"text\"}");
  }

  @Test
  void aFileLargerThanAMessageArrivesWhole() {
    ScriptedRunner runner = open(ScriptedRunner.connect(near, RunnerScript.standard()));
    String content = "a".repeat(13 * 1024 * 1024);
    runner.answer(
        "read_file",
        asked ->
            new ScriptedRunner.Answer("file_result", Json.object("ok", true, "content", content)));
    JSONObject request = Json.object("path", "/src/a", "encoding", "base64");
    assertThat(Json.parse(ask(runner, "POST", "read-file", request).body()).getString("content"))
        .hasSameSizeAs(content);
  }

  @Test
  void aRunnerThatVanishesBeforeItAnswersIsSaidAtOnce() {
    ScriptedRunner runner = open(ScriptedRunner.connect(near, RunnerScript.standard()));
    runner.socket().on("list_files", asked -> runner.disconnect());
    long start = System.nanoTime();
    HttpResponse<String> answer = ask(runner, "POST", "files", Json.object("path", "/src"));
    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"Runner not found\"");
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
  }

  @Test
  void aTerminalIsSeenAndUsedFromTheOtherReplica() {
    ScriptedRunner runner = open(ScriptedRunner.connect(near, RunnerScript.standard()));
    runner
        .socket()
        .on(
            "terminal_input",
            input ->
                runner.emit(
                    "terminal_data",
                    Json.object(
                        "terminalId", input.text("terminalId"), "data", input.text("data"))));
    String terminal =
        Json.parse(
                me.rest(suite.gatewayB().url())
                    .send(
                        "POST", "/api/runners/terminal", Json.object("runnerId", runner.runnerId()))
                    .body())
            .getString("terminalId");
    RelaySocket here = view(near, terminal);
    RelaySocket there = view(far, terminal);
    there.emit("terminal_resize", Json.object("cols", 90, "rows", 20));
    assertThat(runner.socket().await("new_terminal").payload().getInt("cols")).isEqualTo(90);
    there.emit("terminal_input", Json.object("data", "bHM="));
    for (RelaySocket viewer : new RelaySocket[] {here, there}) {
      assertThat(viewer.await("terminal_data").text("data")).isEqualTo("bHM=");
    }
    runner.disconnect();
    for (RelaySocket viewer : new RelaySocket[] {here, there}) {
      assertThat(viewer.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(-1);
    }
  }

  private RelaySocket view(ClientOptions options, String terminal) {
    RelaySocket viewer =
        open(
            new RelaySocket(
                options, "/terminal", Map.of("apiKey", me.apiKey(), "terminalId", terminal)));
    viewer.connect().await("terminal_connected");
    return viewer;
  }

  private HttpResponse<String> ask(
      ScriptedRunner runner, String method, String call, @Nullable JSONObject body) {
    String path = "/api/runners/" + runner.runnerId() + "/" + call;
    return me.rest(suite.gatewayB().url()).exchange(method, path, body);
  }
}
