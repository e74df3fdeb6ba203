package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a session is told over REST (rest.md 7.3), and reloads of all of a runner's (7.2). */
@QuarkusTest
class SessionControlTest extends GatewayTest {
  private final String session = UUID.randomUUID().toString();

  @Test
  void theModelIsSet() {
    RelaySocket worker = register(true);
    Response response = post("model", "{\"provider\":\" p \",\"modelId\":\"a/b\"}");
    assertThat(response.asString())
        .isEqualTo("{\"ok\":true,\"provider\":\"p\",\"modelId\":\"a/b\"}");
    assertThat(worker.await("model_set").payload().toMap())
        .containsOnlyKeys("provider", "modelId")
        .containsEntry("modelId", "a/b");
  }

  @Test
  void theAgentIsAborted() {
    RelaySocket worker = register(true);
    assertThat(post("abort", "nonsense").asString()).isEqualTo("{\"ok\":true}");
    JSONObject exec = worker.await("exec").payload();
    assertThat(exec.getString("command")).isEqualTo("abort");
    assertThat(exec.getString("id")).matches("abort_[0-9a-f]{16}");
  }

  @Test
  void theThinkingLevelIsSet() {
    RelaySocket worker = register(true);
    assertThat(post("thinking", "{\"level\":\"xhigh\"}").asString())
        .isEqualTo("{\"ok\":true,\"level\":\"xhigh\"}");
    JSONObject exec = worker.await("exec").payload();
    assertThat(exec.getString("type")).isEqualTo("exec");
    assertThat(exec.getString("command")).isEqualTo("set_thinking_level");
    assertThat(exec.getString("level")).isEqualTo("xhigh");
    assertThat(exec.getString("id")).matches("think_[0-9a-f]{16}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "model|nonsense|Invalid JSON body",
        "model|{}|Missing 'provider' or 'modelId'",
        "model|{\"provider\":\"p\",\"modelId\":\" \"}|Missing 'provider' or 'modelId'",
        "thinking|[]|Invalid JSON body",
        "thinking|{\"level\":\"most\"}|Invalid 'level' — expected one of: off, minimal, low,"
            + " medium, high, xhigh, max"
      })
  void aBadBodyIsNamedAfterTheSessionIsFound(String call, String body, String text) {
    refused(post(call, body), 404, "Session not found or not connected");
    register(true);
    refused(post(call, body), 400, text);
  }

  @ParameterizedTest
  @CsvSource({"model", "abort", "thinking"})
  void aSessionIsItsOwnersAndOpenToIt(String call) {
    register(false);
    refused(post(call, "nonsense"), 409, "Session is not in collab mode");
    refused(post("stranger-" + session, call, "{}"), 404, "Session not found or not connected");
  }

  @Test
  void sigilsAreThoseOfTheSessionsRunner() {
    refused(sigils(), 404, "Session not found");
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    String id = "runner-" + session;
    runner.emit("register_runner", Json.object("runnerId", id, "runnerSecret", "s"));
    runner.await("runner_registered");
    runner.emit("session_ready", Json.object("sessionId", session));
    runner.emit(
        "service_announce",
        Json.object("serviceIds", Json.array(), "sigilDefs", Json.array(Json.object("type", "t"))));
    feed.await("runner_updated", id);
    register(true);
    assertThat(sigils().asString()).isEqualTo("{\"sigilDefs\":[{\"type\":\"t\"}]}");
  }

  @Test
  void everyWorkerOfTheRunnerIsToldToReload() {
    ScriptedRunner runner = open(ScriptedRunner.connect(mine(), RunnerScript.standard()));
    runner.answer(
        "list_skills",
        asked -> new ScriptedRunner.Answer("skills_list", Json.object("skills", Json.array())));
    String first = rest().spawn(runner.runnerId(), "/src", null).getString("sessionId");
    runner.awaitWorker(first).awaitRegistered();
    JSONObject skills = reload(runner, "skills");
    assertThat(skills.getInt("reloaded")).isEqualTo(1);
    assertThat(skills.getJSONArray("sessionIds").toList()).isEqualTo(List.of(first));
    JSONObject input = runner.awaitWorker(first).socket().await("input").payload();
    assertThat(input.getString("text")).isEqualTo("/skills reload");
    assertThat(input.getString("deliverAs")).isEqualTo("followUp");
    assertThat(input.getJSONArray("attachments").length()).isZero();
    JSONObject mcp = reload(runner, "mcp");
    assertThat(mcp.keySet())
        .containsExactlyInAnyOrder("ok", "reloaded", "failed", "sessionIds", "failedSessionIds");
    JSONObject exec = runner.awaitWorker(first).socket().await("exec").payload();
    assertThat(exec.getString("command")).isEqualTo("mcp");
    assertThat(exec.getString("action")).isEqualTo("reload");
  }

  private JSONObject reload(ScriptedRunner runner, String what) {
    String path = "/api/runners/" + runner.runnerId() + "/" + what + "/reload";
    return Json.parse(rest().send("POST", path, null).body());
  }

  private static void refused(Response response, int status, String text) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.jsonPath().getString("error")).isEqualTo(text);
  }

  private Response sigils() {
    return given()
        .header("x-api-key", TestingCallers.keyOf(user))
        .get("/api/sessions/" + session + "/available-sigils");
  }

  private Response post(String call, String body) {
    return post(user, call, body);
  }

  private Response post(String caller, String call, String body) {
    return given()
        .header("x-api-key", TestingCallers.keyOf(caller))
        .contentType("application/json")
        .body(body)
        .post("/api/sessions/" + session + "/" + call);
  }

  private RelaySocket register(boolean collab) {
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", session, "cwd", "/src", "collabMode", collab));
    worker.await("registered");
    return worker;
  }
}
