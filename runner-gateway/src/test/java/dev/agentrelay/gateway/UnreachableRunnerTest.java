package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A runner that is known, and whose replica has crashed (rest.md 1.3 and 1.4). */
@QuarkusTest
class UnreachableRunnerTest extends GatewayTest {
  private static final String CRASHED = "crashed-" + UUID.randomUUID();

  private final RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());
  private final String session = UUID.randomUUID().toString();

  @Inject Redis redis;

  @BeforeEach
  void loseItsReplica() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    RelaySocket daemon = socket(mine(), "/runner").connect().awaitConnected();
    daemon.emit("register_runner", Json.object("runnerId", runner.value(), "runnerSecret", "s"));
    daemon.await("runner_registered");
    daemon.emit("service_announce", Json.object("serviceIds", Json.array("git")));
    feed.await("runner_updated", runner.value());
    BareSession.register(this, session);
    daemon.emit("session_ready", Json.object("sessionId", session));
    hub.inbox()
        .await(
            event -> event.is("session_status") && runner.value().equals(event.text("runnerId")),
            LIMIT);
    lose(LiveKeys.runner(runner), RunnerField.REPLICA.key());
    lose(LiveKeys.session(new SessionId(session)), SessionField.REPLICA.key());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST /api/runners/restart|{'runnerId':'RUNNER'}|Runner is not connected to this server",
        "POST /api/runners/stop|{'runnerId':'RUNNER'}|Runner is not connected to this server",
        "POST /api/runners/spawn|{'runnerId':'RUNNER'}|Runner is not connected to this server",
        "PUT services/git/enabled|{'enabled':false}|Runner is not connected to this server",
        "GET skills/a||Failed to retrieve skill",
        "POST skills/reload||Failed to refresh skills",
        "GET agents/a||Failed to retrieve agent",
        "GET plugins?cwd=/src||Failed to scan plugins",
        "POST files|{'path':'/src'}|Runner not found",
        "POST search-files|{'cwd':'/src','query':'q'}|Runner not found",
        "POST read-file|{'path':'/src/a'}|Runner not found",
        "GET browse?path=/src||Runner not found",
        "GET sandbox-status||Runner not found",
        "PUT sandbox-config|{}|Runner not found",
        "GET usage||Runner not found",
        "GET analysis/SESSION||Runner not found",
        "GET settings||Runner not found",
        "PUT settings|{'section':'goal','value':1}|Runner not found",
        "GET packages||Runner not found",
        "POST packages/update|{}|Runner not found",
        "GET providers||Runner not found",
        "POST providers/login|{'providerId':'p'}|Runner not found"
      })
  void callsThatNeedItAreRefusedAtOnce(String call, @Nullable String body, String text) {
    Response answer = call(call, body);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(502);
    assertThat(answer.jsonPath().getString("error")).isEqualTo(text);
  }

  @Test
  void itsModelsAreNoneAndItsServicesThoseThatItAnnounced() {
    assertThat(call("GET models", null).asString()).isEqualTo("{\"models\":[]}");
    assertThat(call("GET services", null).jsonPath().<String>getList("serviceIds"))
        .containsExactly("git");
  }

  @Test
  void aWorkerThatCannotBeToldToReloadIsNamed() {
    JSONObject answer = Json.parse(call("POST mcp/reload", null).asString());
    assertThat(answer.getInt("reloaded")).isZero();
    assertThat(answer.getInt("failed")).isOne();
    assertThat(answer.getJSONArray("sessionIds").isEmpty()).isTrue();
    assertThat(answer.getJSONArray("failedSessionIds").toList()).containsExactly(session);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"model|{'provider':'p','modelId':'m'}", "abort|{}", "thinking|{'level':'low'}"})
  void aWorkerThatCannotBeReachedTakesNoOrdersYet(String order, String body) {
    Response answer = call("POST /api/sessions/SESSION/" + order, body);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.jsonPath().getString("error"))
        .isEqualTo("Session is registered but not currently connected");
  }

  @Test
  void aShellThatCannotBeStartedIsSaidAndMayBeStartedAgain() {
    String terminal =
        call("POST /api/runners/terminal", "{'runnerId':'RUNNER'}").jsonPath().get("terminalId");
    Map<String, Object> auth = Map.of("apiKey", TestingCallers.keyOf(user), "terminalId", terminal);
    RelaySocket viewer = open(new RelaySocket(mine(), "/terminal", auth)).connect();
    viewer.await("terminal_connected");
    JSONObject size = Json.object("cols", 80, "rows", 24);
    for (int attempt = 1; attempt <= 2; attempt++) {
      long before = viewer.inbox().mark();
      viewer.emit("terminal_resize", size);
      assertThat(
              viewer
                  .inbox()
                  .awaitAfter(before, event -> event.is("terminal_error"), LIMIT)
                  .text("message"))
          .isEqualTo("Failed to spawn terminal");
    }
  }

  private Response call(String call, @Nullable String body) {
    String[] parts = call.replace("SESSION", session).split(" ", 2);
    String path = parts[1].startsWith("/") ? parts[1] : "/api/runners/" + runner + "/" + parts[1];
    var request =
        RestAssured.given()
            .header("x-api-key", TestingCallers.keyOf(user))
            .urlEncodingEnabled(false);
    if (body != null) {
      request
          .contentType("application/json")
          .body(body.replace('\'', '"').replace("RUNNER", runner.value()));
    }
    return request.request(parts[0], path);
  }

  private void lose(String key, String field) {
    redis
        .send(Request.cmd(Command.HSET).arg(key).arg(field).arg(CRASHED))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
