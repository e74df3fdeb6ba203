package dev.agentrelay.e2e.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.SpawnDecision;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Accounts, runners, spawns and the session list through the edge (rest.md 1, 3, 4, 5.1). */
class AccountsAndRunnersIT extends SuiteTest {
  private final RelayClient rest = me.rest(suite.edge());

  @Test
  void aSignedInBrowserSeesItsOwnRunnersOnly() {
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()), RunnerScript.standard().withName("my box")));
    RelayClient browser =
        new RelayClient(ClientOptions.of(suite.edge()).withOrigin(suite.edge().toString()))
            .signIn(me.email(), me.password());
    JSONArray runners = browser.runners();
    assertThat(runners).hasSize(1);
    assertThat(runners.getJSONObject(0).toMap())
        .containsEntry("runnerId", runner.runnerId())
        .containsEntry("id", runner.runnerId())
        .containsEntry("name", "my box")
        .containsEntry("connected", true);
    Account stranger = suite.newAccount();
    assertThat(stranger.rest(suite.edge()).runners()).isEmpty();
  }

  @Test
  void nobodyGetsInWithoutAValidCredential() {
    RelayClient nobody = new RelayClient(ClientOptions.of(suite.edge()));
    assertAnswer(
        nobody.exchange("GET", "/api/runners", null), 401, "Missing API key (x-api-key header)");
    RelayClient wrongKey =
        new RelayClient(ClientOptions.of(suite.edge()).withApiKey("pk_live_" + "x".repeat(64)));
    assertAnswer(wrongKey.exchange("GET", "/api/runners", null), 401, "Invalid or expired API key");
    assertThat(
            nobody
                .exchange(
                    "POST",
                    "/api/auth/sign-in/email",
                    Json.object("email", me.email(), "password", "Wrong-Horse-1"))
                .statusCode())
        .isEqualTo(401);
    assertThat(
            nobody
                .exchange(
                    "POST",
                    "/api/register",
                    Json.object("email", me.email(), "password", "Wrong-Horse-1"))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void aSpawnThatCannotBeIsRefusedInTheContractsWords() {
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard()
                    .withRoots("/home/dev")
                    .onNewSession(
                        asked -> new SpawnDecision.Refuse("cwd does not exist: /home/dev/gone"))));
    String id = runner.runnerId();
    assertRefused(spawn(rest, Json.object()), 400, "Missing runnerId");
    assertRefused(
        spawn(rest, Json.object("runnerId", id, "agent", Json.object("name", "../evil"))),
        400,
        "Invalid agent name");
    assertRefused(
        spawn(rest, Json.object("runnerId", id, "cwd", "/etc")),
        400,
        "Runner cannot access cwd: /etc");
    assertRefused(
        spawn(rest, Json.object("runnerId", id, "cwd", "/home/dev/gone")),
        400,
        "cwd does not exist: /home/dev/gone");
    assertRefused(spawn(rest, Json.object("runnerId", "nobody")), 404, "Runner not found");
    assertRefused(
        spawn(suite.newAccount().rest(suite.edge()), Json.object("runnerId", id)),
        403,
        "Forbidden");
  }

  @Test
  void aRunnerThatSaysNothingLeavesTheSpawnPending() {
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard().onNewSession(asked -> new SpawnDecision.Ignore())));
    JSONObject answer = rest.spawn(runner.runnerId(), "/src", null);
    assertThat(answer.toMap()).containsEntry("ok", true).containsEntry("pending", true);
    assertThat(answer.getString("shareUrl"))
        .isEqualTo(suite.edge() + "/session/" + answer.getString("sessionId"));
  }

  @Test
  void aSessionIsListedLiveAndAfterItsEndPersisted() {
    ScriptedRunner runner =
        open(ScriptedRunner.connect(me.at(suite.edge()), RunnerScript.standard()));
    String session = rest.spawn(runner.runnerId(), "/src", null).getString("sessionId");
    runner.awaitWorker(session).awaitRegistered();
    await()
        .atMost(LIMIT)
        .until(() -> ids(rest.sessions().getJSONArray("sessions")).contains(session));
    ScriptedViewer viewer = open(ScriptedViewer.connect(me.at(suite.edge())));
    viewer.open(session);
    assertThat(viewer.exec("end_session").join().getBoolean("ok")).isTrue();
    viewer.inbox().await(received -> received.is("disconnected"), LIMIT);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              JSONObject listed = rest.sessions();
              assertThat(ids(listed.getJSONArray("sessions"))).doesNotContain(session);
              JSONObject ended = find(listed.getJSONArray("persistedSessions"), session);
              assertThat(ended.isNull("endedAt")).isFalse();
              assertThat(ended.getString("cwd")).isEqualTo("/src");
            });
  }

  private static HttpResponse<String> spawn(RelayClient caller, JSONObject body) {
    return caller.exchange("POST", "/api/runners/spawn", body);
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String error) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JSONObject body = Json.parse(answer.body());
    assertThat(body.getString("error")).isEqualTo(error);
    assertThat(body.getString("code")).matches("[a-z_]+");
  }

  private static void assertAnswer(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
  }

  private static Set<String> ids(JSONArray sessions) {
    return IntStream.range(0, sessions.length())
        .mapToObj(index -> sessions.getJSONObject(index).getString("sessionId"))
        .collect(Collectors.toSet());
  }

  private static JSONObject find(JSONArray sessions, String session) {
    return IntStream.range(0, sessions.length())
        .mapToObj(sessions::getJSONObject)
        .filter(each -> session.equals(each.getString("sessionId")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(session + " is not in " + sessions));
  }
}
