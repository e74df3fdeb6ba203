package dev.agentrelay.e2e.drills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.webhook.SignedWebhook;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deliveries that wait for their runner outlive everything else. */
@Tag("drill")
class QueueDrillsIT extends Drill {
  private static final int WAITING = 20;
  private static final Duration DELIVERED_WITHIN = Duration.ofMinutes(2);
  private static final List<String> EVERYTHING =
      List.of(
          "webhook-service-1",
          "webhook-service-2",
          "runner-gateway-1",
          "runner-gateway-2",
          "auth-service-1",
          "auth-service-2",
          "kafka",
          "redis",
          "postgres");

  @Test
  void whatWaitsIsDeliveredOnceAndInOrderAfterACrashOfEverything() {
    RelayClient rest = me.rest(suite.edge());
    RunnerScript script =
        RunnerScript.standard()
            .withIdentity(UUID.randomUUID().toString(), UUID.randomUUID().toString());
    SignedWebhook webhook;
    try (ScriptedRunner before = ScriptedRunner.connect(me.at(suite.edge()), script)) {
      webhook = SignedWebhook.make(rest, before.runnerId(), "queue");
    }
    await("the runner is gone").atMost(LIMIT).until(() -> rest.runners().isEmpty());
    List<String> fired = IntStream.range(0, WAITING).mapToObj(number -> "k-" + number).toList();
    for (String senderId : fired) {
      HttpResponse<String> answer = webhook.fire(suite.edge(), senderId, "{}");
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    List<Part> parts = EVERYTHING.stream().map(this::part).toList();
    parts.forEach(Part::kill);
    // Stores first: a service that starts without them ends again.
    parts.reversed().forEach(Part::start);

    await("the relay takes callers again")
        .atMost(DELIVERED_WITHIN)
        .ignoreExceptions()
        .until(() -> rest.runners().isEmpty());
    ScriptedRunner after = open(ScriptedRunner.connect(me.at(suite.edge()), script));
    await("everything is delivered")
        .atMost(DELIVERED_WITHIN)
        .ignoreExceptions()
        .untilAsserted(
            () -> assertThat(webhook.states()).hasSize(WAITING).containsOnly("delivered"));
    assertThat(webhook.ledger().reversed())
        .extracting(delivery -> delivery.getString("senderId"))
        .containsExactlyElementsOf(fired);
    assertThat(after.inbox().all())
        .filteredOn(received -> received.is("new_session"))
        .extracting(received -> received.text("sessionId"))
        .containsExactlyElementsOf(
            webhook.ledger().reversed().stream()
                .map(delivery -> delivery.getString("sessionId"))
                .toList());
  }
}
