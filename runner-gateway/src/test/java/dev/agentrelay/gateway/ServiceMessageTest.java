package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What services and their users say to each other (sockets.md 4.16), and OAuth codes. */
@QuarkusTest
class ServiceMessageTest extends FamilyTest {
  private static final int FLOOD = 1_000;

  private final String runnerId = "runner-" + UUID.randomUUID();

  private RelaySocket runner() {
    RelaySocket runner = socket(mine(), "/runner").connect().awaitConnected();
    runner.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    runner.await("runner_registered");
    return runner;
  }

  /** A worker whose session is linked to the runner. */
  private Member linked(RelaySocket runner) {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    Member worker = member();
    runner.emit("session_ready", Json.object("sessionId", worker.id()));
    hub.inbox()
        .await(
            event ->
                event.is("session_status")
                    && worker.id().equals(event.text("sessionId"))
                    && runnerId.equals(event.text("runnerId")),
            LIMIT);
    return worker;
  }

  private static JSONObject envelope(String requestId) {
    return Json.object(
        "serviceId",
        "git",
        "type",
        "git_status",
        "requestId",
        requestId,
        "payload",
        Json.object("n", 1));
  }

  @Test
  void workersAndViewersReachTheDaemonUnderTheirSession() {
    RelaySocket runner = runner();
    Member worker = linked(runner);
    ScriptedViewer viewer = viewerOf(worker);
    worker.socket().emit("service_message", envelope("w"));
    viewer.socket().emit("service_message", envelope("v").put("sessionId", "made-up"));
    for (String requestId : new String[] {"w", "v"}) {
      Received got =
          runner
              .inbox()
              .await(
                  event -> event.is("service_message") && requestId.equals(event.text("requestId")),
                  LIMIT);
      JSONObject expected = envelope(requestId).put("sessionId", worker.id());
      assertThat(got.payload().similar(expected)).as(got.toString()).isTrue();
    }
  }

  @Test
  void whatIsTooLargeIsDropped() {
    RelaySocket runner = runner();
    Member worker = linked(runner);
    worker.socket().emit("service_message", envelope("large").put("x", "x".repeat(262_144)));
    worker.socket().emit("service_message", envelope("small"));
    runner
        .inbox()
        .await(
            event -> event.is("service_message") && "small".equals(event.text("requestId")), LIMIT);
    assertThat(runner.inbox().all())
        .noneMatch(event -> event.is("service_message") && "large".equals(event.text("requestId")));
  }

  @Test
  void whatIsTooMuchForASecondIsDropped() {
    RelaySocket runner = runner();
    Member worker = linked(runner);
    for (int message = 0; message < FLOOD; message++) {
      worker.socket().emit("service_message", envelope("flood"));
    }
    assertOk(worker.ask("get_linked_child_count"));
    runner
        .inbox()
        .await(
            event -> event.is("service_message") && "flood".equals(event.text("requestId")), LIMIT);
    assertThat(runner.inbox().all().stream().filter(event -> event.is("service_message")).count())
        .isLessThan(FLOOD);
  }

  @Test
  void aDaemonReachesOneSessionOrAllOfItsOwn() {
    RelaySocket runner = runner();
    Member worker = linked(runner);
    Member foreign = member();
    ScriptedViewer viewer = viewerOf(worker);
    runner.emit("service_message", envelope("not-its-own").put("sessionId", foreign.id()));
    runner.emit("service_message", envelope("one").put("sessionId", worker.id()));
    runner.emit("service_message", envelope("all"));
    for (String requestId : new String[] {"one", "all"}) {
      JSONObject expected = envelope(requestId).put("sessionId", worker.id());
      Received atWorker =
          worker
              .socket()
              .inbox()
              .await(
                  event -> event.is("service_message") && requestId.equals(event.text("requestId")),
                  LIMIT);
      assertThat(atWorker.payload().similar(expected)).as(atWorker.toString()).isTrue();
      viewer
          .inbox()
          .await(
              event -> event.is("service_message") && requestId.equals(event.text("requestId")),
              LIMIT);
    }
    assertThat(foreign.socket().inbox().all()).noneMatch(event -> event.is("service_message"));
  }

  @Test
  void aPastedCodeReachesTheWorker() throws Exception {
    Member worker = member();
    ScriptedViewer viewer = viewerOf(worker);
    assertRefused(paste(viewer, Json.object("nonce", "n")), "Missing nonce or code");
    assertOk(paste(viewer, Json.object("nonce", "n", "code", "c", "state", "s")));
    JSONObject got = worker.socket().await("mcp_oauth_paste").payload();
    assertThat(got.similar(Json.object("nonce", "n", "code", "c", "state", "s"))).isTrue();
    assertRefused(
        paste(open(ScriptedViewer.connect(mine())), Json.object("nonce", "n", "code", "c")),
        "No active session");
  }

  @Test
  void noCodeIsPastedIntoASessionWithoutCollaboration() throws Exception {
    ScriptedViewer viewer = viewerOf(member("collabMode", false));
    assertRefused(
        paste(viewer, Json.object("nonce", "n", "code", "c")), "Session not in collab mode");
  }

  private static JSONObject paste(ScriptedViewer viewer, JSONObject payload) throws Exception {
    return (JSONObject) viewer.socket().emitWithAck("mcp_oauth_paste", payload).get()[0];
  }

  @Test
  void anOAuthCodeReachesTheWorkerOnce() {
    Member worker = member();
    String state = state(worker.id(), "nonce-" + UUID.randomUUID());
    callback("?code=c1&state=" + state).statusCode(200).contentType("text/html");
    JSONObject got = worker.socket().await("mcp_oauth_callback").payload();
    assertThat(got.getString("sessionId")).isEqualTo(worker.id());
    assertThat(got.getString("code")).isEqualTo("c1");
    assertThat(got.getString("state")).isEqualTo(state);
    assertThat(got.getString("oauthState")).isEqualTo("o");
    callback("?code=c1&state=" + state).statusCode(409);
  }

  @Test
  void whatIsNoCallbackIsRefusedOnAPage() {
    callback("?code=c").statusCode(400).body(containsString("Missing code or state parameter."));
    callback("?code=c&state=%21").statusCode(400).body(containsString("Invalid state parameter."));
    callback("?error=denied&error_description=%3Cb%3E")
        .statusCode(400)
        .body(containsString("&lt;b&gt;"));
    callback("?code=c&state=" + state("gone-" + UUID.randomUUID(), "n")).statusCode(503);
  }

  private static String state(String session, String nonce) {
    String json = Json.object("sessionId", session, "nonce", nonce, "oauthState", "o").toString();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ValidatableResponse callback(String query) {
    return given().urlEncodingEnabled(false).get("/api/mcp-oauth-callback" + query).then();
  }
}
