package dev.agentrelay.trigger.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.gateway.TopicReader;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Two replicas on the same stores, and at last one of them killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicasIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String DELIVER = "delivertrigger";
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{\"n\":1}}";

  private final Surroundings surroundings = new Surroundings();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final UserId user = new UserId("user-" + UUID.randomUUID());
  private final RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());
  private SessionId session;
  private ReplicaProcess one;
  private ReplicaProcess other;

  @BeforeAll
  void start() {
    one = surroundings.start("one");
    other = surroundings.start("other");
    one.awaitReady();
    other.awaitReady();
    surroundings
        .records()
        .announce(runner, user, "{\"triggerDefs\":[{\"type\":\"ci:done\",\"label\":\"CI\"}]}");
  }

  @BeforeEach
  void begin() {
    session = surroundings.records().session(user, runner, "/home/dev/project");
  }

  @AfterAll
  void close() {
    one.close();
    other.close();
    surroundings.close();
    threads.shutdown();
  }

  @Test
  void whatIsAskedOfBothAtOnceIsDoneOnce() {
    String fire =
        """
        {"type":"time:at","payload":{},"fireId":"os:s:1","target":{"sessionId":"%s"}}
        """
            .formatted(session);
    List<JsonPath> published =
        atOnce(16, number -> either(number).as(user).body(fire).post("/api/events")).stream()
            .map(answer -> answer.then().statusCode(200).extract().jsonPath())
            .toList();
    assertThat(published)
        .extracting(each -> each.getString("eventId"))
        .containsOnly(published.getFirst().getString("eventId"));
    assertThat(published).filteredOn(each -> each.getBoolean("created")).hasSize(1);
    assertThat(commands(session))
        .extracting(ReceivedCommand::commandId)
        .hasSameElementsAs(List.of(commands(session).getFirst().commandId()));

    for (int number = 0; number < 6; number++) {
      subscribe(either(number));
    }
    List<Response> removals =
        atOnce(8, number -> either(number).as(user).delete(subscriptions() + "/ci:done"));
    assertThat(removals).extracting(Response::statusCode).containsOnly(200, 404);
    assertThat(removals.stream().mapToInt(ReplicasIT::removed).sum()).isEqualTo(6);
  }

  @Test
  void changesAreSaidInTheirOrderWhicheverReplicaMadeThem() {
    try (TopicReader changes = new TopicReader(surroundings.kafka(), Topics.SUBSCRIPTIONS)) {
      List<String> expected = new ArrayList<>();
      for (int number = 0; number < 20; number++) {
        String id = subscribe(either(number));
        either(number + 1)
            .as(user)
            .delete(subscriptions() + "/_?subscriptionId=" + id)
            .then()
            .statusCode(200);
        expected.add("SUBSCRIBE " + id);
        expected.add("UNSUBSCRIBE " + id);
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(said(changes)).containsExactlyElementsOf(expected));
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void whatAKilledReplicaHadUnderWayIsGoneOnWithAndNothingIsToldTwice() {
    subscribe(one);
    SessionId fired = surroundings.records().session(user, runner, "/home/dev/project");
    String listener =
        one.as(user)
            .body("{\"triggerType\":\"time:cron\",\"prompt\":\"Go\"}")
            .post("/api/runners/" + runner + "/trigger-listeners")
            .then()
            .statusCode(200)
            .extract()
            .path("listenerId");
    List<String> paths =
        List.of(
            "/api/sessions/" + fired + "/trigger",
            "/api/sessions/runner-listener:" + listener + "/trigger",
            "/api/runners/" + runner + "/trigger-broadcast");
    silence(session);
    silence(fired);
    surroundings
        .gateway()
        .script(
            runner.value(),
            spawn -> {
              silence(new SessionId(spawn.session()));
              return Optional.of(Outcome.ACKNOWLEDGED);
            });
    List<CompletableFuture<Response>> cutOff =
        paths.stream()
            .map(
                path ->
                    CompletableFuture.supplyAsync(
                        () -> one.as(user).body(HELLO).post(path), threads))
            .toList();
    String spawned = surroundings.gateway().await("spawn", runner.value(), LIMIT).session();
    for (String each : List.of(session.value(), fired.value(), spawned)) {
      surroundings.gateway().await(DELIVER, each, LIMIT);
    }
    one.kill();
    cutOff.forEach(each -> assertThat(each).failsWithin(LIMIT));
    await().atMost(LIMIT).until(() -> surroundings.alive() == 1);

    for (String each : List.of(session.value(), fired.value(), spawned)) {
      surroundings.gateway().script(each, Outcome.ACKNOWLEDGED);
    }
    for (String path : paths) {
      other.as(user).body(HELLO).post(path).then().statusCode(200);
    }
    for (String each : List.of(session.value(), fired.value(), spawned)) {
      assertThat(commands(new SessionId(each)))
          .as("commands to %s", each)
          .hasSize(2)
          .extracting(ReceivedCommand::commandId)
          .hasSameElementsAs(List.of(commands(new SessionId(each)).getFirst().commandId()));
    }
    assertThat(surroundings.gateway().all("spawn", runner.value()))
        .extracting(ReceivedCommand::session)
        .containsOnly(spawned);
    assertThat(surroundings.gateway().all("endsession", spawned)).isEmpty();
    other.as(user).body(HELLO).post(paths.getFirst()).then().statusCode(200);
    assertThat(commands(fired)).as("what came to its end is not gone on with").hasSize(3);
    assertThat(commands(fired).get(2).commandId()).isNotEqualTo(commands(fired).get(1).commandId());
  }

  private void silence(SessionId of) {
    surroundings.gateway().script(of.value(), command -> Optional.empty());
  }

  private ReplicaProcess either(int number) {
    return number % 2 == 0 ? one : other;
  }

  private String subscribe(ReplicaProcess at) {
    return at.as(user)
        .body("{\"triggerType\":\"ci:done\"}")
        .post(subscriptions())
        .then()
        .statusCode(200)
        .extract()
        .path("subscriptionId");
  }

  private String subscriptions() {
    return "/api/sessions/" + session + "/trigger-subscriptions";
  }

  private List<ReceivedCommand> commands(SessionId to) {
    return surroundings.gateway().all(DELIVER, to.value());
  }

  private List<String> said(TopicReader changes) {
    return changes.said().all().stream()
        .filter(said -> said.key().equals(runner.value()))
        .map(said -> Json.parse(said.value()))
        .map(
            change ->
                change.optString("action")
                    + " "
                    + Json.parse(change.optString("subscription")).optString("subscriptionId"))
        .toList();
  }

  private List<Response> atOnce(int times, IntFunction<Response> request) {
    return IntStream.range(0, times)
        .mapToObj(number -> CompletableFuture.supplyAsync(() -> request.apply(number), threads))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  private static int removed(Response answer) {
    return answer.statusCode() == 200 ? answer.jsonPath().getInt("removed") : 0;
  }
}
