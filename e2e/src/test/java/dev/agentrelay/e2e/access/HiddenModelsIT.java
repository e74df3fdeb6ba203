package dev.agentrelay.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.suite.WebhookSignature;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.SpawnDecision;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A model that somebody has hidden, in every service that starts agents (rest.md 11, row 18). */
class HiddenModelsIT extends SuiteTest {
  /** Services ask again for what is hidden after at most five seconds. */
  private static final Duration HEARD = Duration.ofSeconds(20);

  private static final JSONObject MODEL = Json.object("provider", "acme", "id", "opus/4");

  private final RelayClient rest = me.rest(suite.edge());
  private final Queue<JSONObject> started = new ConcurrentLinkedQueue<>();

  @Test
  void isNotStartedByAnybody() {
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard()
                    .onNewSession(
                        asked -> {
                          started.add(asked);
                          return new SpawnDecision.Fork(WorkerScript.standard().forSession(asked));
                        })));
    JSONObject spawn = Json.object("runnerId", runner.runnerId(), "model", MODEL);
    JSONObject webhook =
        Json.objectAt(
            Json.parse(
                rest.send(
                        "POST",
                        "/api/webhooks",
                        Json.object(
                            "name",
                            "ci",
                            "source",
                            "ci",
                            "runnerId",
                            runner.runnerId(),
                            "model",
                            MODEL))
                    .body()),
            "webhook");
    assertThat(rest.exchange("POST", "/api/runners/spawn", spawn).statusCode()).isEqualTo(200);

    JSONObject saved =
        Json.parse(
            rest.send(
                    "PUT",
                    "/api/settings/hidden-models",
                    Json.object("hiddenModels", Json.array("acme/opus/4", "b/c", "acme/opus/4")))
                .body());
    assertThat(saved.getJSONArray("hiddenModels").toList())
        .containsExactly("acme/opus/4", "b/c", "acme/opus/4");
    assertThat(
            Json.parse(rest.send("GET", "/api/settings/hidden-models", null).body())
                .getJSONArray("hiddenModels")
                .toList())
        .containsExactly("acme/opus/4", "b/c");

    await()
        .atMost(HEARD)
        .untilAsserted(
            () -> {
              HttpResponse<String> refused = rest.exchange("POST", "/api/runners/spawn", spawn);
              assertThat(refused.statusCode()).isEqualTo(400);
              assertThat(refused.body()).contains("Requested model is not available");
            });
    await()
        .atMost(HEARD)
        .untilAsserted(
            () -> {
              started.clear();
              assertThat(fire(webhook).statusCode()).isEqualTo(200);
              assertThat(started).singleElement().satisfies(this::hidesTheModel);
            });
  }

  private void hidesTheModel(JSONObject asked) {
    assertThat(asked.has("model")).isFalse();
    assertThat(asked.getJSONArray("hiddenModels").toList()).containsExactly("acme/opus/4", "b/c");
  }

  private HttpResponse<String> fire(JSONObject webhook) throws IOException, InterruptedException {
    String body = "{\"type\":\"push\"}";
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(
                  URI.create(suite.edge() + "/api/webhooks/" + webhook.getString("id") + "/fire"))
              .header("Content-Type", "application/json")
              .header("X-Webhook-Signature", WebhookSignature.of(body, webhook.getString("secret")))
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
