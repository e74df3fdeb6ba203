package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.SpawnDecision;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** The folders that sessions were started in (rest.md 4.5, R6 and R7). */
@QuarkusTest
class RecentFoldersTest extends GatewayTest {

  @Test
  void theMostUsedComesFirstThenTheLatest() {
    ScriptedRunner runner = runner();
    for (String folder : List.of("/a", "/b", "/c")) {
      rest().spawn(runner.runnerId(), folder, null);
      await().atMost(LIMIT).until(() -> folders(runner).contains(folder));
    }
    rest().spawn(runner.runnerId(), "/b", null);
    await().atMost(LIMIT).until(() -> folders(runner).equals(List.of("/b", "/c", "/a")));
  }

  @Test
  void aFolderIsForgottenOnce() {
    ScriptedRunner runner = runner();
    rest().spawn(runner.runnerId(), "/a", null);
    await().atMost(LIMIT).until(() -> folders(runner).equals(List.of("/a")));
    assertThat(forget(runner, " /a ").toMap()).isEqualTo(Map.of("ok", true, "deleted", true));
    assertThat(forget(runner, "/a").getBoolean("deleted")).isFalse();
    assertThat(folders(runner)).isEmpty();
  }

  @Test
  void fiftyAreKeptAndANewOneTakesThePlaceOfTheLeastUsed() {
    ScriptedRunner runner = runner();
    for (int i = 0; i < 52; i++) {
      String folder = "/folder-" + i;
      rest().spawn(runner.runnerId(), folder, null);
      await().atMost(LIMIT).until(() -> folders(runner).contains(folder));
    }
    assertThat(folders(runner)).hasSize(50).contains("/folder-51").doesNotContain("/folder-0");
  }

  @Test
  void aSessionThatDidNotStartAndOneWithoutAFolderLeaveNothing() {
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                mine(),
                RunnerScript.standard()
                    .onNewSession(
                        request ->
                            request.has("cwd") && request.getString("cwd").equals("/gone")
                                ? new SpawnDecision.Refuse("gone")
                                : new SpawnDecision.ReadyOnly())));
    rest().exchange("POST", "/api/runners/spawn", body(runner, "/gone"));
    rest().spawn(runner.runnerId(), null, null);
    rest().spawn(runner.runnerId(), "/kept", null);
    await().atMost(LIMIT).until(() -> folders(runner).equals(List.of("/kept")));
  }

  private static JSONObject body(ScriptedRunner runner, String cwd) {
    return Json.object("runnerId", runner.runnerId(), "cwd", cwd);
  }

  private ScriptedRunner runner() {
    return open(
        ScriptedRunner.connect(
            mine(),
            RunnerScript.standard().onNewSession(request -> new SpawnDecision.ReadyOnly())));
  }

  private List<Object> folders(ScriptedRunner runner) {
    String answer = rest().send("GET", path(runner), null).body();
    return Json.parse(answer).getJSONArray("folders").toList();
  }

  private JSONObject forget(ScriptedRunner runner, String folder) {
    return Json.parse(rest().send("DELETE", path(runner), Json.object("path", folder)).body());
  }

  private static String path(ScriptedRunner runner) {
    return "/api/runners/" + runner.runnerId() + "/recent-folders";
  }
}
