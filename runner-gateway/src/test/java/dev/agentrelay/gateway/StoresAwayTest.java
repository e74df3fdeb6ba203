package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.stores.OwnStores;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * While a store is away nobody is told what nobody knows: calls are to be repeated, clients are
 * sent off to come back, and what lives is left alone.
 */
@QuarkusTest
@QuarkusTestResource(
    value = OwnStores.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka,redis,postgres"),
    restrictToAnnotatedClass = true)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StoresAwayTest extends GatewayTest {
  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final String id = UUID.randomUUID().toString();
  private final String runnerId = "runner-" + UUID.randomUUID();

  @Test
  @Order(1)
  void kafkaThatIsAwayDelaysNobodyAndHearsOfEverythingWhenItIsBack() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession session = BareSession.register(this, id);
    RelaySocket viewer = session.view();
    SaidOnKafka.read(kafka, Topics.SESSIONS, id, 1, SessionEvent.class);

    OwnStores.kill("kafka");
    session.sendStored(
        Json.object(
            "type", "tool_execution_start",
            "toolName", "AskUserQuestion",
            "toolCallId", "call_1",
            "args", Json.object("question", "Drop it?")));
    BareSession.envelope(viewer, "tool_execution_start");
    session.end();
    hub.await("session_removed", id);

    OwnStores.startAgain("kafka");
    assertThat(SaidOnKafka.read(kafka, Topics.NOTICES, id, 2, AgentNotice.class))
        .hasExactlyElementsOfTypes(AgentNotice.Asked.class, AgentNotice.Settled.class);
    assertThat(SaidOnKafka.read(kafka, Topics.SESSIONS, id, 3, SessionEvent.class))
        .hasExactlyElementsOfTypes(
            SessionEvent.Started.class, SessionEvent.Active.class, SessionEvent.Ended.class);
  }

  @Test
  @Order(2)
  void callersComeBackAndNothingEnds() {
    RelaySocket runner = runner();
    BareSession session = BareSession.registerLasting(this, id);
    session.sendStored(BareSession.snapshot(new JSONArray().put("before")));

    OwnStores.kill("postgres");
    isUnavailable(caller().get("/api/runners/" + runnerId + "/recent-folders"));
    spawn().then().statusCode(200).body("pending", is(false));

    OwnStores.kill("redis");
    awaitHealth("degraded", false);
    isUnavailable(caller().get("/api/runners"));
    isUnavailable(caller().get("/api/runners/" + runnerId + "/skills"));
    isUnavailable(caller().post("/api/sessions/" + id + "/abort"));
    isUnavailable(spawn());
    isSentOff("/runner", "register_runner", Json.object("runnerId", "r", "runnerSecret", "s"));
    isSentOff("/relay", "register", Json.object("cwd", "/"));
    isSentOff("/viewer", "switch_session", Json.object("sessionId", id, "generation", 1));
    long last = session.send(Json.object("type", "turn_start"));
    long nothing = session.sendNothing();

    OwnStores.startAgain("redis");
    awaitHealth("ok", true);
    // a number without an event is not acknowledged before the event that it follows
    await().atMost(LIMIT).until(() -> session.acknowledged().contains(nothing));
    assertThat(session.acknowledged()).endsWith(last, nothing).isSorted();
    await().atMost(LIMIT).until(() -> rest().runners().length() == 1);
    assertThat(listedSessions()).containsKey(id);
    for (RelaySocket socket : new RelaySocket[] {runner, session.worker}) {
      assertThat(socket.inbox().all()).noneMatch(received -> received.is("disconnect"));
    }
  }

  private static void awaitHealth(String status, boolean redis) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                given()
                    .get("/health")
                    .then()
                    .statusCode(200)
                    .body("status", equalTo(status))
                    .body("redis", is(redis))
                    .body("socketio", is(true)));
  }

  private static void isUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", matchesPattern("[1-9]\\d*"))
        .body("code", equalTo("unavailable"));
  }

  /** Without a word that the client would take for the last one (sockets.md 1.3). */
  private void isSentOff(String namespace, String event, JSONObject payload) {
    RawBrowser client = open(new RawBrowser(relay));
    client.awaitMessage("0{");
    client.send("40" + namespace + "," + Json.object("apiKey", TestingCallers.keyOf(user)));
    client.awaitMessage("40" + namespace);
    client.send("42" + namespace + ",[\"" + event + "\"," + payload + "]");
    assertThat(client.readToTheEnd()).isEmpty();
  }

  private RequestSpecification caller() {
    return given().header("x-api-key", TestingCallers.keyOf(user)).contentType("application/json");
  }

  private Response spawn() {
    return caller().body(Json.object("runnerId", runnerId).toString()).post("/api/runners/spawn");
  }

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.on(
        "new_session",
        asked -> runner.emit("session_ready", Json.object("sessionId", asked.text("sessionId"))));
    runner.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }
}
