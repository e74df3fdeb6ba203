package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists that a daemon sends of itself, asked or not (sockets.md 3.2). */
@QuarkusTest
class RunnerListsTest extends GatewayTest {
  private final String id = "runner-" + UUID.randomUUID();

  @ParameterizedTest
  @ValueSource(strings = {"skills", "agents"})
  void whatNobodyAskedForIsTheListFromThenOnAndToldEachTime(String family) {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = register(feed);
    JSONObject item = Json.object("name", "a", "description", "d", "filePath", "/a");
    JSONArray list = Json.array(item, Json.object("description", "nameless"));
    for (int time = 1; time <= 2; time++) {
      long mark = feed.inbox().mark();
      daemon.emit(family + "_list", Json.object(family, list));
      JSONArray told =
          feed.inbox()
              .awaitAfter(mark, event -> event.is("runner_updated"), LIMIT)
              .payload()
              .getJSONArray(family);
      assertThat(told.similar(Json.array(item))).as(told.toString()).isTrue();
    }
    assertThat(Json.parse(rest().send("GET", path(family), null).body()).getJSONArray(family))
        .hasSize(1);
  }

  @Test
  void pluginsOfOneFolderAndOfAFailedScanAreNotTheRunners() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = register(feed);
    daemon.emit("plugins_list", Json.object("plugins", plugin("scoped"), "scoped", true));
    daemon.emit("plugins_list", Json.object("plugins", plugin("failed"), "ok", false));
    daemon.emit("plugins_list", Json.object("plugins", plugin("kept")));
    JSONArray told = feed.await("runner_updated", id).getJSONArray("plugins");
    assertThat(told.getJSONObject(0).getString("name")).isEqualTo("kept");
    JSONArray listed =
        Json.parse(rest().send("GET", path("plugins"), null).body()).getJSONArray("plugins");
    assertThat(listed.similar(told)).as(listed.toString()).isTrue();
  }

  private static JSONArray plugin(String name) {
    return Json.array(Json.object("name", name, "description", "", "rootPath", "/p"));
  }

  private String path(String list) {
    return "/api/runners/" + id + "/" + list;
  }

  private RelaySocket register(ScriptedRunnerFeed feed) {
    RelaySocket daemon = socket(mine(), "/runner").connect().awaitConnected();
    daemon.emit("register_runner", Json.object("runnerId", id, "runnerSecret", "s"));
    daemon.await("runner_registered");
    feed.await("runner_added", id);
    return daemon;
  }
}
