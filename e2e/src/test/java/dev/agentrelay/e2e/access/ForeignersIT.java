package dev.agentrelay.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunner.Answer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Somebody else's things, which some calls hide and others refuse (rest.md 11, row 7). */
class ForeignersIT extends SuiteTest {
  private final RelayClient owner = me.rest(suite.edge());
  private final RelayClient stranger = suite.newAccount().rest(suite.edge());

  private void isRefused(String method, String path, JSONObject body, int status, String error) {
    HttpResponse<String> answer = stranger.exchange(method, path, body);
    assertThat(answer.statusCode()).as(method + " " + path + answer.body()).isEqualTo(status);
    assertThat(Json.parse(answer.body()).getString("error")).isEqualTo(error);
  }

  @Test
  void aRunnerIsRefusedAndHiddenFromBroadcasts() {
    ScriptedRunner runner =
        open(ScriptedRunner.connect(me.at(suite.edge()), RunnerScript.standard()))
            .answer(
                "list_models",
                asked -> new Answer("models_list", Json.object("models", Json.array())));
    String path = "/api/runners/" + runner.runnerId();
    JSONObject named = Json.object("runnerId", runner.runnerId());
    JSONObject event = Json.object("type", "t", "payload", Json.object(), "source", "s");
    isRefused("POST", "/api/runners/spawn", named, 403, "Forbidden");
    isRefused("POST", "/api/runners/restart", named, 403, "Forbidden");
    isRefused("POST", "/api/runners/stop", named, 403, "Forbidden");
    isRefused("POST", "/api/runners/terminal", named, 403, "Forbidden");
    for (String of : new String[] {"/skills", "/models", "/services", "/recent-folders"}) {
      assertThat(stranger.exchange("GET", path + of, null).statusCode()).as(of).isEqualTo(403);
      assertThat(owner.exchange("GET", path + of, null).statusCode()).as(of).isEqualTo(200);
    }
    isRefused("POST", path + "/trigger-broadcast", event, 404, "Runner not found");
  }

  @Test
  void aSessionIsHidden() {
    ScriptedWorker worker =
        open(ScriptedWorker.start(me.at(suite.edge()), WorkerScript.standard()));
    String session = "/api/sessions/" + worker.awaitRegistered().getString("sessionId");
    JSONObject event = Json.object("type", "t", "payload", Json.object());
    isRefused("POST", session + "/trigger", event, 404, "Session not found or not connected");
    isRefused("POST", session + "/abort", Json.object(), 404, "Session not found or not connected");
    for (String of : new String[] {"/triggers", "/trigger-subscriptions", "/available-triggers"}) {
      assertThat(stranger.exchange("GET", session + of, null).statusCode()).as(of).isEqualTo(404);
      assertThat(owner.exchange("GET", session + of, null).statusCode()).as(of).isEqualTo(200);
    }
  }

  @Test
  void aWebhookIsHidden() {
    JSONObject webhook =
        Json.objectAt(
            Json.parse(
                owner
                    .send("POST", "/api/webhooks", Json.object("name", "ci", "source", "ci"))
                    .body()),
            "webhook");
    String path = "/api/webhooks/" + webhook.getString("id");
    JSONObject change = Json.object("name", "mine");
    assertThat(stranger.exchange("GET", path, null).statusCode()).isEqualTo(404);
    isRefused("PUT", path, change, 404, "Webhook not found");
    assertThat(stranger.exchange("DELETE", path, null).statusCode()).isEqualTo(404);
    assertThat(stranger.send("GET", "/api/webhooks", null).body()).doesNotContain("\"ci\"");
    assertThat(owner.exchange("GET", path, null).statusCode()).isEqualTo(200);
  }

  @Test
  void anAttachmentIsRefused() throws IOException, InterruptedException {
    ScriptedWorker worker =
        open(ScriptedWorker.start(me.at(suite.edge()), WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    String form =
        String.join(
            "\r\n",
            "--limit",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"",
            "Content-Type: text/plain",
            "",
            "mine",
            "--limit--",
            "");
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> kept =
          http.send(
              HttpRequest.newBuilder(
                      URI.create(suite.edge() + "/api/sessions/" + session + "/attachments"))
                  .header("x-api-key", me.apiKey())
                  .header("Content-Type", "multipart/form-data; boundary=limit")
                  .POST(BodyPublishers.ofString(form))
                  .build(),
              BodyHandlers.ofString());
      String path =
          "/api/attachments/"
              + Json.arrayAt(Json.parse(kept.body()), "attachments")
                  .getJSONObject(0)
                  .getString("attachmentId");
      assertThat(stranger.exchange("GET", path, null).statusCode()).isEqualTo(403);
      assertThat(stranger.exchange("POST", path + "/token", Json.object()).statusCode())
          .isEqualTo(403);
      assertThat(owner.send("GET", path, null).body()).isEqualTo("mine");
    }
  }

  @Test
  void aKeyIsNotFound() {
    String id =
        Json.parseArray(owner.send("GET", "/api/auth/api-key/list", null).body())
            .getJSONObject(0)
            .getString("id");
    assertThat(
            stranger
                .exchange("POST", "/api/auth/api-key/delete", Json.object("keyId", id))
                .statusCode())
        .isEqualTo(404);
    assertThat(owner.exchange("GET", "/api/me", null).statusCode()).isEqualTo(200);
  }
}
