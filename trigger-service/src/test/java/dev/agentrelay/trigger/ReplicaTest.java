package dev.agentrelay.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.replica.SecondReplica;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two replicas on the same stores do everything once. */
@QuarkusTest
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaTest extends TriggerServiceTest {
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{}}";

  @Inject EntityManager database;

  private SecondReplica second;
  private TopicReader changes;

  @BeforeAll
  void startSecond() {
    second = SecondReplica.start();
    changes = new TopicReader(kafka, Topics.SUBSCRIPTIONS);
  }

  @AfterAll
  void stopSecond() {
    changes.close();
    second.close();
  }

  @Test
  void eachReplicaHearsTheAnswersToItsOwnCommands() {
    List<CompletableFuture<Response>> fired = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RequestSpecification to = i % 2 == 0 ? asUser() : onSecond();
      String body = "{\"type\":\"ci:done\",\"payload\":{\"n\":" + i + "}}";
      fired.add(later(() -> to.body(body).post(trigger())));
    }

    fired.forEach(answer -> answer.join().then().statusCode(200));
    assertThat(gateway.all("delivertrigger", session.value()))
        .hasSize(20)
        .extracting(ReceivedCommand::commandId)
        .doesNotHaveDuplicates();
    asUser().get(trigger() + "s").then().body("triggers", hasSize(20));
  }

  @Test
  void aRetryOnTheOtherReplicaIsTheSameDelivery() {
    firstIsNotAnswered();
    onSecond().body(HELLO).post(trigger()).then().statusCode(503);

    asUser().body(HELLO).post(trigger()).then().statusCode(200);

    assertThat(gateway.all("delivertrigger", session.value()))
        .hasSize(2)
        .extracting(ReceivedCommand::commandId)
        .containsOnly(gateway.all("delivertrigger", session.value()).getFirst().commandId());
    onSecond().get(trigger() + "s").then().body("triggers", hasSize(1));
  }

  @Test
  void changesMadeOnBothAreSaidOnceAndInOrder() {
    String path = "/api/sessions/" + session + "/trigger-subscriptions";
    List<CompletableFuture<Response>> made = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      RequestSpecification to = i % 2 == 0 ? asUser() : onSecond();
      made.add(later(() -> to.body("{\"triggerType\":\"ci:done\"}").post(path)));
    }
    made.forEach(answer -> answer.join().then().statusCode(200));
    List<String> stored = onSecond().get(path).jsonPath().getList("subscriptions.subscriptionId");
    assertThat(stored).hasSize(30);
    onSecond().delete(path + "/ci:done").then().body("removed", equalTo(30));

    changes.said().await(each -> isOurs(each) && each.value().contains("UNSUBSCRIBE"), SOON);
    assertThat(
            changes.said().all().stream()
                .filter(this::isOurs)
                .map(each -> Json.parse(each.value()))
                .filter(change -> change.optString("action").equals("SUBSCRIBE"))
                .map(change -> Json.parse(change.optString("subscription")))
                .map(subscription -> subscription.optString("subscriptionId")))
        .containsExactlyElementsOf(stored);
  }

  @Test
  void aFirePublishedOnBothStartsOneSession() {
    String listener =
        asUser()
            .body("{\"triggerType\":\"ci:done\"}")
            .post("/api/runners/" + runner + "/trigger-listeners")
            .then()
            .statusCode(200)
            .extract()
            .path("listenerId");
    String fire =
        "{\"type\":\"ci:done\",\"payload\":{},\"fireId\":\"f\",\"target\":"
            + "{\"sessionId\":\"runner-listener:"
            + listener
            + "\"}}";
    List<CompletableFuture<Response>> published =
        List.of(
            later(() -> asUser().body(fire).post("/api/events")),
            later(() -> onSecond().body(fire).post("/api/events")));

    published.forEach(answer -> answer.join().then().statusCode(200));
    assertThat(gateway.all("spawn", runner.value()))
        .extracting(ReceivedCommand::commandId)
        .hasSizeBetween(1, 2)
        .containsOnly(gateway.all("spawn", runner.value()).getFirst().commandId());
    assertThat(published)
        .extracting(answer -> answer.join().jsonPath().getString("eventId"))
        .containsOnly(published.getFirst().join().jsonPath().getString("eventId"));
  }

  @Test
  void aBroadcastOnEitherStartsASessionForItsListener() {
    asUser()
        .body("{\"triggerType\":\"ci:done\"}")
        .post("/api/runners/" + runner + "/trigger-listeners")
        .then()
        .statusCode(200);

    onSecond()
        .body(HELLO)
        .post("/api/runners/" + runner + "/trigger-broadcast")
        .then()
        .statusCode(200)
        .body("spawned", equalTo(1));
    await()
        .during(Duration.ofSeconds(1))
        .atMost(SOON)
        .until(() -> gateway.all("spawn", runner.value()).size() == 1);
  }

  @Test
  void aRetryTakesUpAtOnceWhatADeadReplicaBegan() {
    firstIsNotAnswered();
    CompletableFuture<Response> first = later(() -> onSecond().body(HELLO).post(trigger()));
    String begun = gateway.await("delivertrigger", session.value(), SOON).commandId();
    // As if it were killed: the row is that of a process of which nobody hears any more.
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                database
                    .createNativeQuery(
                        "update trigger.history set replica = 'dead' where session_id = :session")
                    .setParameter("session", session.value())
                    .executeUpdate());

    asUser().body(HELLO).post(trigger()).then().statusCode(200);

    assertThat(gateway.all("delivertrigger", session.value()))
        .extracting(ReceivedCommand::commandId)
        .containsOnly(begun);
    first.join();
    asUser().get(trigger() + "s").then().body("triggers", hasSize(1));
  }

  @Test
  void whatALivingReplicaHasUnderWayIsAnotherDelivery() {
    firstIsNotAnswered();
    CompletableFuture<Response> first = later(() -> onSecond().body(HELLO).post(trigger()));
    String begun = gateway.await("delivertrigger", session.value(), SOON).commandId();

    asUser().body(HELLO).post(trigger()).then().statusCode(200);

    assertThat(gateway.all("delivertrigger", session.value()).getLast().commandId())
        .isNotEqualTo(begun);
    first.join().then().statusCode(503);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void aReplicaThatIsStoppedBetweenCommandAndAnswerLeavesNothingToBeDoneTwice() {
    firstIsNotAnswered();
    CompletableFuture<Response> first = later(() -> onSecond().body(HELLO).post(trigger()));
    String begun = gateway.await("delivertrigger", session.value(), SOON).commandId();

    second.close();

    asUser().body(HELLO).post(trigger()).then().statusCode(200);
    assertThat(gateway.all("delivertrigger", session.value()))
        .extracting(ReceivedCommand::commandId)
        .containsOnly(begun);
    assertThat(first.handle((answer, broken) -> broken != null || answer.statusCode() == 503))
        .succeedsWithin(SOON)
        .isEqualTo(true);
  }

  private void firstIsNotAnswered() {
    AtomicInteger heard = new AtomicInteger();
    gateway.script(
        session.value(),
        command ->
            heard.incrementAndGet() == 1 ? Optional.empty() : Optional.of(Outcome.DELIVERED));
  }

  private RequestSpecification onSecond() {
    return asUser().port(second.port());
  }

  private String trigger() {
    return "/api/sessions/" + session + "/trigger";
  }

  private boolean isOurs(TopicReader.Said said) {
    return said.key().equals(runner.value());
  }

  private static CompletableFuture<Response> later(Supplier<Response> call) {
    return CompletableFuture.supplyAsync(call, task -> Thread.ofVirtual().start(task));
  }
}
