package dev.agentrelay.webhook.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.replica.SecondReplica;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Two replicas on the same stores do everything once. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicaTest extends WebhookServiceTest {
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final int WAITING = 8;

  private SecondReplica second;

  @BeforeAll
  void startSecond() {
    second = SecondReplica.start();
  }

  @AfterAll
  void stopSecond() {
    second.close();
  }

  @Test
  void whatWaitedIsDeliveredOnceAndInOrderThoughBothSeeTheRunnerComeBack() {
    Hook hook = owner.hook(Map.of("whenOffline", "queue"));
    owner.runnerIsGone();
    for (int i = 0; i < WAITING; i++) {
      TestOwner.fire(i % 2 == 0 ? hook : elsewhere(hook), "{\"type\":\"t" + i + "\"}")
          .then()
          .statusCode(202);
    }

    owner.runnerIsHere();
    owner.sayRunnerIsBack(kafka);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(owner.deliveries(hook))
                    .hasSize(WAITING)
                    .allMatch(each -> "delivered".equals(each.get("state"))));
    assertThat(gateway.all("spawn", owner.runner().value()))
        .extracting(ReceivedCommand::session)
        .hasSize(WAITING)
        .doesNotHaveDuplicates();
    assertThat(
            gateway.received().all().stream()
                .filter(command -> command.type().equals("delivertrigger"))
                .map(command -> command.trigger().optJSONObject("payload").optString("type")))
        .containsExactlyElementsOf(IntStream.range(0, WAITING).mapToObj(i -> "t" + i).toList());
  }

  @Test
  void aNonceUsedOnOneIsUsedOnTheOther() {
    Hook hook = owner.hook(Map.of());
    Map<String, String> signed = TestOwner.stamped(hook, UUID.randomUUID().toString(), BODY);

    TestOwner.send(elsewhere(hook), BODY, signed).then().statusCode(200);

    TestOwner.send(hook, BODY, signed)
        .then()
        .statusCode(409)
        .body("error", equalTo("Webhook nonce has already been used"));
  }

  @Test
  void aDeliveryIdSentToBothAtOnceStartsOneSession() {
    Hook hook = owner.hook(Map.of());
    List<CompletableFuture<Response>> sent =
        IntStream.range(0, 6)
            .mapToObj(i -> i % 2 == 0 ? hook : elsewhere(hook))
            .map(
                at ->
                    CompletableFuture.supplyAsync(
                        () -> TestOwner.fire(at, BODY, "Idempotency-Key", "k"),
                        task -> Thread.ofVirtual().start(task)))
            .toList();

    assertThat(sent)
        .extracting(each -> each.join().statusCode() + each.join().asString())
        .containsOnly("200" + sent.getFirst().join().asString());
    assertThat(gateway.all("spawn", owner.runner().value())).hasSize(1);
    assertThat(owner.deliveries(hook)).hasSize(1);
  }

  @Test
  void aWebhookDisabledOnOneIsSoonNotThereOnTheOther() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("none")));
    TestOwner.fire(elsewhere(hook), BODY).then().statusCode(200);

    owner.calls().body("{\"enabled\":false}").put("/api/webhooks/" + hook.id());

    TestOwner.fire(hook, BODY).then().statusCode(404);
    await().atMost(LIMIT).until(() -> TestOwner.fire(elsewhere(hook), BODY).statusCode() == 404);
    owner.calls().body("{\"enabled\":true}").put("/api/webhooks/" + hook.id());
    TestOwner.fire(hook, BODY).then().statusCode(200);
  }

  private Hook elsewhere(Hook hook) {
    return hook.at(second.port());
  }
}
