package dev.agentrelay.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.suite.WebhookSignature;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedTunnel;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What each service is for, once through the public address, with all the others real. */
class ServicesIT extends SuiteTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final RelayClient rest = me.rest(suite.edge());
  private final ClientOptions onA = me.at(suite.gatewayA().url());
  private final ClientOptions onB = me.at(suite.gatewayB().url());

  @Test
  void aTriggerReachesTheWorkerAndItsHistory() {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    ScriptedViewer viewer = open(ScriptedViewer.connect(onB));
    viewer.open(session);

    JSONObject fired =
        Json.parse(
            rest.send(
                    "POST",
                    "/api/sessions/" + session + "/trigger",
                    Json.object("type", "build", "payload", Json.object("number", 7)))
                .body());

    JSONObject trigger = Json.objectAt(awaitEvent(worker, "session_trigger"), "trigger");
    assertThat(trigger.getString("triggerId")).isEqualTo(fired.getString("triggerId"));
    assertThat(Json.objectAt(trigger, "payload").getInt("number")).isEqualTo(7);
    viewer.inbox().await(received -> received.is("trigger_delivered"), LIMIT);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(rest.send("GET", "/api/sessions/" + session + "/triggers", null).body())
                    .contains(fired.getString("triggerId")));
  }

  @Test
  void aSignedRequestStartsAnAgent() throws Exception {
    ScriptedRunner runner = open(ScriptedRunner.connect(onA, RunnerScript.standard()));
    JSONObject webhook =
        Json.objectAt(
            Json.parse(
                rest.send(
                        "POST",
                        "/api/webhooks",
                        Json.object("name", "ci", "source", "ci", "runnerId", runner.runnerId()))
                    .body()),
            "webhook");
    String body = "{\"type\":\"push\",\"branch\":\"main\"}";

    HttpResponse<String> fired =
        HTTP.send(
            HttpRequest.newBuilder(at("/api/webhooks/" + webhook.getString("id") + "/fire"))
                .header("Content-Type", "application/json")
                .header(
                    "X-Webhook-Signature", WebhookSignature.of(body, webhook.getString("secret")))
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString());

    assertThat(fired.statusCode()).as(fired.body()).isEqualTo(200);
    String session = Json.parse(fired.body()).getString("sessionId");
    JSONObject trigger =
        Json.objectAt(awaitEvent(runner.awaitWorker(session), "session_trigger"), "trigger");
    assertThat(trigger.getString("type")).isEqualTo("webhook");
    assertThat(Json.objectAt(trigger, "payload").getString("branch")).isEqualTo("main");
    assertThat(
            rest.send("GET", "/api/webhooks/" + webhook.getString("id") + "/deliveries", null)
                .body())
        .contains(session);
  }

  @Test
  void aFileComesBackAsItWas() throws Exception {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    String form =
        String.join(
            "\r\n",
            "--limit",
            "Content-Disposition: form-data; name=\"file\"; filename=\"résumé.txt\"",
            "Content-Type: text/plain",
            "",
            "what it says",
            "--limit--",
            "");

    HttpResponse<String> kept =
        HTTP.send(
            HttpRequest.newBuilder(at("/api/sessions/" + session + "/attachments"))
                .header("x-api-key", me.apiKey())
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(BodyPublishers.ofString(form))
                .build(),
            BodyHandlers.ofString());

    assertThat(kept.statusCode()).as(kept.body()).isEqualTo(200);
    String id =
        Json.arrayAt(Json.parse(kept.body()), "attachments")
            .getJSONObject(0)
            .getString("attachmentId");
    assertThat(rest.send("GET", "/api/attachments/" + id, null).body()).isEqualTo("what it says");
  }

  @Test
  void programsReadWhatHappened() {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String events = "/api/sessions/" + worker.awaitRegistered().getString("sessionId") + "/events";
    worker.sendEvent(Json.object("type", "tool_output", "text", "worth keeping"));

    await()
        .atMost(LIMIT)
        .until(() -> rest.exchange("GET", events, null).body().contains("worth keeping"));
  }

  @Test
  void aQuestionIsAnsweredFromANotification() {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    worker.sendEvent(
        Json.object(
            "type",
            "tool_execution_start",
            "toolName",
            "AskUserQuestion",
            "toolCallId",
            "call_1",
            "args",
            Json.object("question", "Drop the table?", "options", Json.array("Drop", "Keep"))));
    JSONObject answer = Json.object("sessionId", session, "text", "Keep", "toolCallId", "call_1");

    await()
        .atMost(LIMIT)
        .until(() -> rest.exchange("POST", "/api/push/answer", answer).statusCode() == 200);

    JSONObject input = awaitEvent(worker, "input");
    assertThat(input.getString("text")).isEqualTo("Keep");
    assertThat(input.getString("client")).isEqualTo("push");
    assertThat(rest.exchange("POST", "/api/push/answer", answer).statusCode()).isEqualTo(409);
    assertThat(rest.send("GET", "/api/push/outcomes", null).body())
        .contains("\"agent_needs_input\"");
  }

  @Test
  void aLocalAppIsSeenThroughTheTunnel() throws Exception {
    ScriptedRunner runner = open(ScriptedRunner.connect(onA, RunnerScript.standard()));
    ScriptedTunnel tunnel = open(ScriptedTunnel.connect(me.at(suite.edge()), runner.runnerId()));

    CompletableFuture<HttpResponse<String>> waiting =
        HTTP.sendAsync(
            HttpRequest.newBuilder(at("/api/tunnel/runner/" + runner.runnerId() + "/5173/hello"))
                .header("x-api-key", me.apiKey())
                .build(),
            BodyHandlers.ofString());
    JSONObject request = tunnel.awaitRequest("/hello");
    tunnel.respond(request.getString("id"), 200, Map.of("content-type", "text/plain"), "it works");

    assertThat(waiting.get(LIMIT.toSeconds(), TimeUnit.SECONDS).body()).isEqualTo("it works");
  }

  private static JSONObject awaitEvent(ScriptedWorker worker, String event) {
    return worker.inbox().await((Received received) -> received.is(event), LIMIT).payload();
  }

  private URI at(String path) {
    return URI.create(suite.edge() + path);
  }
}
