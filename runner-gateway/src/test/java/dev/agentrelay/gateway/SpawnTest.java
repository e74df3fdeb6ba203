package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/runners/spawn} (rest.md 4.2), with the runner on a bare socket. */
@QuarkusTest
class SpawnTest extends GatewayTest {
  private final String id = "runner-" + UUID.randomUUID();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400|Missing runnerId",
        "no json|400|Missing runnerId",
        "null|400|Missing runnerId",
        "{\"runnerId\":5}|400|Missing runnerId",
        "{\"agent\":{\"name\":\"../x\"}}|400|Invalid agent name",
        "{\"runnerId\":\" \"}|404|Runner not found",
        "{\"runnerId\":\"nobody\"}|404|Runner not found"
      })
  void whatCannotBeStartedIsRefusedWithTheContractsText(String body, int status, String text) {
    spawn(user, body).statusCode(status).body("error", equalTo(text));
  }

  @Test
  void withoutACallerNothingIsStarted() {
    given()
        .body("{}")
        .contentType("application/json")
        .post("/api/runners/spawn")
        .then()
        .statusCode(401);
  }

  @Test
  void aRunnerOfSomebodyElseIsForbidden() {
    register();
    spawn("stranger-" + UUID.randomUUID(), body(new JSONObject()))
        .statusCode(403)
        .body("error", equalTo("Forbidden"));
  }

  @Test
  void aFolderOutsideTheRootsIsRefusedAndTheRunnerIsNotAsked() {
    RelaySocket runner = register();
    spawn(user, body(Json.object("cwd", "/etc")))
        .statusCode(400)
        .body("error", equalTo("Runner cannot access cwd: /etc"));
    assertThat(runner.inbox().all()).noneMatch(received -> received.is("new_session"));
  }

  @Test
  void theRunnersRefusalIsTheAnswer() {
    RelaySocket runner = register();
    runner.on(
        "new_session",
        asked ->
            runner.emit(
                "session_error",
                Json.object(
                    "sessionId",
                    asked.text("sessionId"),
                    "message",
                    "cwd does not exist: /src/gone")));
    spawn(user, body(Json.object("cwd", "/src/gone")))
        .statusCode(400)
        .body("error", equalTo("cwd does not exist: /src/gone"));
  }

  @Test
  void theRunnerIsSentWhatItUnderstandsAndNothingElse() {
    RelaySocket runner = register();
    answerReady(runner);
    JSONObject request =
        Json.object(
            "cwd", "/src",
            "prompt", "first",
            "model", "fake/fake-1",
            "imageUrls", Json.array("a", 5, "b"),
            "agent", Json.object("name", " helper ", "tools", "read,write", "other", 1),
            "parentSessionId", "not-live",
            "resumePath", "/p",
            "resumeId", "r",
            "idempotencyKey", "k");
    spawn(user, body(request))
        .statusCode(200)
        .body("ok", is(true))
        .body("runnerId", equalTo(id))
        .body("pending", is(false))
        .body("sessionId", not(equalTo("")))
        .body("shareUrl", containsString("/session/"));
    JSONObject sent = runner.await("new_session").payload();
    JSONObject expected =
        Json.object(
            "sessionId", sent.getString("sessionId"),
            "cwd", "/src",
            "prompt", "first",
            "imageUrls", Json.array("a", "b"),
            "model", Json.object("provider", "fake", "id", "fake-1"),
            "hiddenModels", Json.array(TestingIdentities.HIDDEN_MODEL),
            "agent", Json.object("name", "helper", "tools", "read,write"),
            "resumePath", "/p");
    assertThat(sent.similar(expected)).as(sent.toString()).isTrue();
  }

  @Test
  void whatMeansNothingIsLeftOutAndWhatIsTooMuchIsCut() {
    RelaySocket runner = register();
    answerReady(runner);
    JSONArray images = new JSONArray();
    IntStream.range(0, 10).forEach(images::put);
    IntStream.range(0, 10).forEach(n -> images.put("image-" + n));
    JSONObject request =
        Json.object(
            "prompt", "",
            "cwd", "",
            "model", "no-provider",
            "imageUrls", images,
            "agent", Json.object("name", " ", "systemPrompt", "p"),
            "resumeId", "r");
    spawn(user, body(request)).statusCode(200);
    JSONObject sent = runner.await("new_session").payload();
    assertThat(sent.keySet())
        .containsExactlyInAnyOrder("sessionId", "imageUrls", "resumeId", "hiddenModels");
    assertThat(sent.getString("resumeId")).isEqualTo("r");
    assertThat(sent.getJSONArray("imageUrls").toList())
        .hasSize(8)
        .startsWith("image-0")
        .endsWith("image-7");
  }

  @Test
  void theParentIsNamedWhenItIsTheCallersOwn() {
    RelaySocket runner = register();
    answerReady(runner);
    BareSession parent = BareSession.register(this, UUID.randomUUID().toString());
    spawn(user, body(Json.object("parentSessionId", parent.id))).statusCode(200);
    assertThat(runner.await("new_session").text("parentSessionId")).isEqualTo(parent.id);
  }

  @Test
  void aParentOfSomebodyElseIsLeftOut() {
    RelaySocket runner = register();
    answerReady(runner);
    String theirs = UUID.randomUUID().toString();
    RelaySocket worker =
        socket(as("stranger-" + UUID.randomUUID()), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", theirs, "cwd", "/src"));
    worker.await("registered");
    spawn(user, body(Json.object("parentSessionId", theirs))).statusCode(200);
    assertThat(runner.await("new_session").payload().has("parentSessionId")).isFalse();
  }

  @Test
  void aRunnerThatDoesNotAnswerInTimeLeavesThePendingSession() {
    RelaySocket runner = register();
    spawn(user, body(new JSONObject())).statusCode(200).body("pending", is(true));
    String session = runner.await("new_session").payload().getString("sessionId");
    RelaySocket worker = socket(mine(), "/relay").connect().awaitConnected();
    worker.emit("register", Json.object("sessionId", session, "cwd", "/src"));
    worker.await("registered");
    JSONArray sessions = rest().runners().getJSONObject(0).getJSONArray("sessions");
    assertThat(sessions.toList()).containsExactly(session);
  }

  @Test
  void anotherRunnersWordForTheSessionDoesNotCount() {
    RelaySocket runner = register();
    RelaySocket stranger =
        socket(as("stranger-" + UUID.randomUUID()), "/runner").connect().awaitConnected();
    stranger.emit("register_runner", Json.object("runnerId", "other-" + id, "runnerSecret", "s"));
    stranger.await("runner_registered");
    runner.on(
        "new_session",
        asked -> {
          stranger.emit(
              "session_error", Json.object("sessionId", asked.text("sessionId"), "message", "no"));
          stranger.emit("session_ready", Json.object("sessionId", asked.text("sessionId")));
          // the runner's own word comes last and is the one that counts
          runner.emit("session_ready", Json.object("sessionId", asked.text("sessionId")));
        });
    spawn(user, body(new JSONObject())).statusCode(200).body("pending", is(false));
  }

  @Test
  void aSpawnThatIsAskedForAgainUnderItsKeyStartsOneSession() {
    RelaySocket runner = register();
    answerReady(runner);
    String keyed = body(Json.object("idempotencyKey", "k"));
    String first = spawn(user, keyed).statusCode(200).extract().path("sessionId");

    spawn(user, keyed)
        .statusCode(200)
        .body("sessionId", equalTo(first))
        .body("runnerId", equalTo(id))
        .body("pending", is(false));
    spawn(user, body(Json.object("idempotencyKey", "other")))
        .statusCode(200)
        .body("sessionId", not(equalTo(first)));
    spawn(user, body(Json.object("idempotencyKey", "k".repeat(1_025))))
        .statusCode(400)
        .body("error", equalTo("Invalid 'idempotencyKey'"));
    assertThat(runner.inbox().all()).filteredOn(event -> event.is("new_session")).hasSize(2);
  }

  @Test
  void aSpawnThatFailedIsTriedAgainUnderItsKey() {
    String keyed = body(Json.object("idempotencyKey", "k"));
    spawn(user, keyed).statusCode(404);
    answerReady(register());

    spawn(user, keyed).statusCode(200).body("pending", is(false));
  }

  private void answerReady(RelaySocket runner) {
    runner.on(
        "new_session",
        asked -> runner.emit("session_ready", Json.object("sessionId", asked.text("sessionId"))));
  }

  private String body(JSONObject request) {
    return request.put("runnerId", id).toString();
  }

  private ValidatableResponse spawn(String caller, String body) {
    return given()
        .header("x-api-key", TestingCallers.keyOf(caller))
        .contentType("application/json")
        .body(body)
        .post("/api/runners/spawn")
        .then();
  }

  private RelaySocket register() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit(
        "register_runner",
        Json.object("runnerId", id, "runnerSecret", "s", "roots", Json.array("/src")));
    runner.await("runner_registered");
    return runner;
  }
}
