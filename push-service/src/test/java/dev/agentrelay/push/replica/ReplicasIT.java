package dev.agentrelay.push.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String INPUT = "injectinput";

  private final Surroundings surroundings = new Surroundings();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private UserId user;
  private String path;
  private ReplicaProcess one;
  private ReplicaProcess other;

  @BeforeAll
  void start() {
    one = surroundings.start("one");
    other = surroundings.start("other");
    one.awaitReady();
    other.awaitReady();
  }

  @BeforeEach
  void begin() {
    user = new UserId("user-" + UUID.randomUUID());
    path = "browser-" + UUID.randomUUID();
  }

  @AfterAll
  void close() {
    one.close();
    other.close();
    surroundings.close();
    threads.shutdown();
  }

  @Test
  void eachEventIsSentOnceAndOneOfManyAnswersWins() {
    surroundings.subscribe(one, user, path);
    List<SessionId> sessions =
        IntStream.range(0, 40).mapToObj(number -> surroundings.makeLive(user)).toList();
    sessions.forEach(session -> surroundings.ask(user, session, "call_1"));
    awaitSent(sessions.size());
    assertThat(one.vapidKey()).isEqualTo(other.vapidKey());
    assertThat(posted()).isEqualTo(sessions.size());

    SessionId raced = sessions.getFirst();
    List<Integer> answers =
        IntStream.range(0, 16)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> answer(number % 2 == 0 ? one : other, raced, "answer " + number),
                        threads))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers).containsOnlyOnce(200).containsOnly(200, 409);
    assertThat(surroundings.gateway().all(INPUT, raced.value())).hasSize(1);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void whatAKilledReplicaHeldIsTakenOver() {
    other.close();
    surroundings.subscribe(one, user, path);
    surroundings.provider().script(path, reply -> reply.hang());
    SessionId session = surroundings.makeLive(user);
    surroundings.gateway().script(session.value(), command -> Optional.empty());
    surroundings.ask(user, session, "call_1");
    surroundings.provider().inbox().await(post -> post.path().equals("/" + path), LIMIT);
    CompletableFuture<Void> cutOff =
        CompletableFuture.runAsync(() -> answer(one, session, "yes"), threads);
    surroundings.gateway().await(INPUT, session.value(), LIMIT);
    one.kill();
    assertThat(cutOff).failsWithin(LIMIT);

    surroundings.provider().script(path, reply -> reply.send(201, "", ""));
    surroundings.gateway().script(session.value(), Outcome.DELIVERED);
    other = surroundings.start("taking-over").awaitReady();
    JsonPath outcomes = awaitSent(1);
    assertThat(outcomes.getInt("outcomes[0].attempts")).isGreaterThan(1);
    await().atMost(LIMIT).until(() -> answer(other, session, "yes") == 200);
    assertThat(
            surroundings.gateway().all(INPUT, session.value()).stream()
                .map(ReceivedCommand::commandId)
                .distinct())
        .hasSize(1);
  }

  private int answer(ReplicaProcess replica, SessionId session, String text) {
    return replica
        .as(user)
        .body(Map.of("sessionId", session.value(), "text", text, "toolCallId", "call_1"))
        .post("/api/push/answer")
        .statusCode();
  }

  private JsonPath awaitSent(int count) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> other.as(user).get("/api/push/outcomes?limit=200").jsonPath(),
            // an answer without outcomes, since a store was slow, is not the last word
            page -> Collections.nCopies(count, "sent").equals(page.getList("outcomes.outcome")));
  }

  private long posted() {
    return surroundings.provider().inbox().all().stream()
        .filter(post -> post.path().equals("/" + path))
        .count();
  }
}
