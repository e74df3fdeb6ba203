package dev.agentrelay.gateway;

import static dev.agentrelay.testkit.identity.TestingIdentities.HIDDEN_MODEL;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.Model;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.preferences.ScriptedPreferences;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a user has hidden is neither listed nor taken, and runners are told of it (rest.md 6.5). */
@QuarkusTest
class HiddenModelsTest extends GatewayTest {
  private final String runnerId = "runner-" + UUID.randomUUID();
  private final String unknown = "unknown-" + UUID.randomUUID();

  @Inject GatewayCommands commands;

  @ConfigProperty(name = "relay.auth.url")
  String auth;

  private ScriptedPreferences preferences;

  @BeforeEach
  void script() {
    preferences = new ScriptedPreferences(auth);
    preferences.lose(new UserId(unknown));
  }

  @Test
  void aHiddenModelStartsNothing() {
    RelaySocket runner = runner(user);
    refused(
        spawn(user, Json.object("model", HIDDEN_MODEL)), 400, "Requested model is not available");
    assertThat(spawn(user, Json.object("model", "hidden/mode")).statusCode()).isEqualTo(200);
    assertThat(runner.inbox().all()).filteredOn(event -> event.is("new_session")).hasSize(1);
  }

  @Test
  void nothingStartsWhileNobodyKnowsWhatIsHidden() {
    RelaySocket runner = runner(unknown);
    refused(spawn(unknown, new JSONObject()), 500, "Unable to validate model availability");
    assertThat(runner.inbox().all()).noneMatch(event -> event.is("new_session"));
  }

  @Test
  void whoHasHiddenNothingTellsTheRunnerNothing() {
    String open = "open-" + UUID.randomUUID();
    preferences.hide(new UserId(open));
    RelaySocket runner = runner(open);
    assertThat(spawn(open, Json.object("model", HIDDEN_MODEL)).statusCode()).isEqualTo(200);
    JSONObject asked = runner.await("new_session").payload();
    assertThat(asked.has("hiddenModels")).isFalse();
    assertThat(asked.getJSONObject("model").getString("id")).isEqualTo("model");
  }

  @Test
  void aCommandWithAHiddenModelIsRefused() {
    runner(user);
    Spawn spawn = Spawn.on(new RunnerId(runnerId)).withModel(new Model("hidden", "model")).build();
    CommandAnswer answer =
        commands
            .send(new CommandId(UUID.randomUUID().toString()), new UserId(user), spawn, LIMIT)
            .await()
            .atMost(LIMIT);
    assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(answer.reason()).isEqualTo("Requested model is not available");
  }

  @Test
  void theListLeavesHiddenModelsOut() {
    RelaySocket runner = runner(user);
    runner.on(
        "list_models",
        asked ->
            runner.emit(
                "models_list",
                Json.object(
                    "requestId",
                    asked.text("requestId"),
                    "models",
                    Json.array(
                        Json.object("provider", "hidden", "id", "model"),
                        Json.object("provider", "hidden", "id", "model/2"),
                        Json.object("id", "model")))));
    assertThat(models(user).jsonPath().getList("models.id", String.class))
        .containsExactly("model/2", "model");
    runner(unknown, "other-" + runnerId);
    assertThat(models(unknown, "other-" + runnerId).statusCode()).isEqualTo(503);
  }

  @Test
  void aRunningSessionIsNotSwitchedToAHiddenModel() {
    BareSession session = BareSession.register(this, UUID.randomUUID().toString());
    refused(setModel(session.id, "hidden", "model"), 403, "Model not available");
    refused(setModel(session.id, "", "model"), 400, "Missing 'provider' or 'modelId'");
    assertThat(setModel(session.id, "nobody", "knows").statusCode()).isEqualTo(200);
    RelaySocket viewer = session.view();
    viewer.emit("model_set", Json.object("provider", "hidden", "modelId", "model"));
    viewer.emit("model_set", Json.object("provider", "shown", "modelId", "model"));
    session
        .worker
        .inbox()
        .await(event -> event.is("model_set") && "shown".equals(event.text("provider")), LIMIT);
    assertThat(session.worker.inbox().all())
        .filteredOn(event -> event.is("model_set"))
        .extracting(event -> event.text("provider"))
        .containsExactly("nobody", "shown");
  }

  private RelaySocket runner(String owner) {
    return runner(owner, runnerId);
  }

  private RelaySocket runner(String owner, String id) {
    RelaySocket runner = socket(as(owner), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", id, "runnerSecret", "s"));
    runner.await("runner_registered");
    runner.on(
        "new_session",
        asked -> runner.emit("session_ready", Json.object("sessionId", asked.text("sessionId"))));
    return runner;
  }

  private Response spawn(String caller, JSONObject request) {
    return post(caller, "/api/runners/spawn", request.put("runnerId", runnerId));
  }

  private Response setModel(String session, String provider, String model) {
    return post(
        user,
        "/api/sessions/" + session + "/model",
        Json.object("provider", provider, "modelId", model));
  }

  private static Response post(String caller, String path, JSONObject body) {
    return given()
        .header("x-api-key", TestingCallers.keyOf(caller))
        .contentType("application/json")
        .body(body.toString())
        .post(path);
  }

  private Response models(String caller) {
    return models(caller, runnerId);
  }

  private static Response models(String caller, String runner) {
    return given()
        .header("x-api-key", TestingCallers.keyOf(caller))
        .get("/api/runners/" + runner + "/models");
  }

  private static void refused(Response response, int status, String text) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.jsonPath().getString("error")).isEqualTo(text);
  }
}
