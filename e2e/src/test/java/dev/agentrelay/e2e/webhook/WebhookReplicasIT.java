package dev.agentrelay.e2e.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.SpawnDecision;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Two replicas of webhook-service do everything once (rest.md 6.2). */
class WebhookReplicasIT extends SuiteTest {
  private static final int WAITING = 8;

  private final List<URI> replicas = suite.replicasOf(Service.WEBHOOK);
  private final RelayClient rest = me.rest(suite.edge());
  private final RunnerScript script =
      RunnerScript.standard()
          .withIdentity(UUID.randomUUID().toString(), UUID.randomUUID().toString());

  @Test
  void aNonceUsedOnOneIsUsedOnTheOther() {
    SignedWebhook webhook = SignedWebhook.make(rest, runner(script).runnerId(), "reject");
    String now = Instant.now().toString();

    HttpResponse<String> first = webhook.fireStamped(replicas.get(0), now, "n-1", "{}");
    HttpResponse<String> second = webhook.fireStamped(replicas.get(1), now, "n-1", "{}");

    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(second.body()).contains("Webhook nonce has already been used");
  }

  @Test
  void aDeliveryIdSentToBothAtOnceStartsOneSession() {
    ScriptedRunner runner = runner(script);
    SignedWebhook webhook = SignedWebhook.make(rest, runner.runnerId(), "reject");

    List<CompletableFuture<HttpResponse<String>>> sent =
        IntStream.range(0, WAITING)
            .mapToObj(number -> replicas.get(number % replicas.size()))
            .map(
                replica ->
                    CompletableFuture.supplyAsync(
                        () -> webhook.fire(replica, "k", "{}"),
                        task -> Thread.ofVirtual().start(task)))
            .toList();

    String answer = sent.getFirst().join().body();
    assertThat(answer).contains("\"ok\":true", "sessionId");
    assertThat(sent)
        .extracting(each -> each.join().statusCode() + each.join().body())
        .containsOnly("200" + answer);
    assertThat(sessions(runner)).hasSize(1);
    assertThat(webhook.states()).containsExactly("delivered");
  }

  @Test
  void whatWaitsIsDeliveredOnceAndInOrderThoughBothSeeTheRunnerComeBack() {
    ScriptedRunner first = runner(script);
    SignedWebhook webhook = SignedWebhook.make(rest, first.runnerId(), "queue");
    first.close();
    await("the runner is gone").atMost(LIMIT).until(() -> rest.runners().isEmpty());
    for (int number = 0; number < WAITING; number++) {
      HttpResponse<String> answer =
          webhook.fire(replicas.get(number % replicas.size()), "k-" + number, "{}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    ScriptedRunner second = runner(script);

    await("everything is delivered")
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(webhook.states()).hasSize(WAITING).containsOnly("delivered"));
    assertThat(sessions(second))
        .containsExactlyElementsOf(
            webhook.ledger().reversed().stream()
                .map(delivery -> delivery.getString("sessionId"))
                .toList());
    assertThat(webhook.ledger())
        .extracting(delivery -> delivery.getString("senderId"))
        .containsExactlyElementsOf(
            IntStream.range(0, WAITING).mapToObj(number -> "k-" + (WAITING - 1 - number)).toList());
  }

  @Test
  void aWebhookDisabledOnOneIsSoonNotThereOnTheOther() {
    SignedWebhook webhook = SignedWebhook.make(rest, runner(script).runnerId(), "reject");
    replicas.forEach(
        replica ->
            assertThat(webhook.fire(replica, replica.toString(), "{}").statusCode())
                .isEqualTo(200));

    webhook.change(Json.object("enabled", false));

    replicas.forEach(
        replica ->
            await("the webhook is not there")
                .atMost(LIMIT)
                .until(() -> webhook.fire(replica, "later", "{}").statusCode() == 404));
    assertThat(webhook.states()).hasSize(replicas.size());
  }

  @Test
  void aRunnersRefusalIsTheSendersAnswer() {
    ScriptedRunner runner =
        runner(
            script.onNewSession(asked -> new SpawnDecision.Refuse("cwd does not exist: /nowhere")));
    SignedWebhook webhook = SignedWebhook.make(rest, runner.runnerId(), "reject");

    HttpResponse<String> answer = webhook.fire(suite.edge(), "k", "{}");

    assertThat(answer.statusCode()).isEqualTo(502);
    JSONObject told = Json.parse(answer.body());
    assertThat(told.getString("error")).isEqualTo("cwd does not exist: /nowhere");
    assertThat(told.getString("code")).isEqualTo("runner_unreachable");
    assertThat(webhook.ledger().getFirst().getString("lastError"))
        .isEqualTo("cwd does not exist: /nowhere");
  }

  private ScriptedRunner runner(RunnerScript behaviour) {
    return open(ScriptedRunner.connect(me.at(suite.edge()), behaviour));
  }

  /** The sessions that a runner was asked for, in that order. */
  private static List<String> sessions(ScriptedRunner runner) {
    return runner.inbox().all().stream()
        .filter(received -> received.is("new_session"))
        .map(received -> String.valueOf(received.text("sessionId")))
        .toList();
  }
}
