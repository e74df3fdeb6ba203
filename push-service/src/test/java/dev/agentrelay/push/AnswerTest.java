package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.testkit.gateway.ReceivedCommand;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** P7 of rest.md 6.3: the answer from a locked phone. */
@QuarkusTest
class AnswerTest extends PushTest {
  private static final String NOTHING_PENDING = "No question is currently pending for this session";

  @Inject RedisDataSource redis;

  private ScriptedGateway commands;

  @BeforeEach
  void startCommands() {
    commands = ScriptedGateway.start(kafka);
    makeLive(redis, true);
  }

  @AfterEach
  void closeCommands() {
    commands.close();
  }

  @Test
  void anAnswerReachesTheWorkerOnce() {
    ask("call_1");
    answer("call_1", "  Keep it  ").statusCode(200).body("ok", equalTo(true));
    ReceivedCommand input = commands.await("injectinput", session.value(), LIMIT);
    assertThat(input.body().getString("text")).isEqualTo("Keep it");
    assertThat(input.body().getString("client")).isEqualTo("push");
    assertThat(input.userId()).isEqualTo(user.value());
    refused(answer("call_1", "Drop it"), 409, NOTHING_PENDING);
  }

  @Test
  void ofAnswersAtOnceOneWins() {
    ask("call_1");
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 8)
            .mapToObj(
                number ->
                    CompletableFuture.supplyAsync(
                        () -> answer("call_1", "answer " + number).extract().statusCode()))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join))
        .containsOnlyOnce(200)
        .containsOnly(200, 409);
    assertThat(commands.all("injectinput", session.value())).hasSize(1);
  }

  @Test
  void whatIsMissingIsSaid() {
    refused(post("[1]"), 400, "Invalid JSON body");
    refused(post("{"), 400, "Invalid JSON body");
    refused(post("null"), 400, "Invalid JSON body");
    String missing = "Missing required fields: sessionId, text, toolCallId";
    refused(post("{}"), 400, missing);
    refused(answer("call_1", "   "), 400, missing);
    refused(answer("call_1", ""), 400, missing);
    refused(answer(" ", "yes"), 400, missing);
    refused(post("{\"sessionId\":1,\"text\":\"a\",\"toolCallId\":\"b\"}"), 400, missing);
  }

  @Test
  void nobodyAnswersForSomebodyElse() {
    ask("call_1");
    UserId stranger = new UserId("stranger-" + UUID.randomUUID());
    refused(
        as(stranger).body(body("call_1", "mine")).post("/api/push/answer").then(),
        404,
        "Session not found");
    redis.key().del(LiveKeys.session(session));
    refused(answer("call_1", "yes"), 404, "Session not found");
  }

  @Test
  void aSessionThatTakesNoAnswersRefusesThem() {
    makeLive(redis, false);
    ask("call_1");
    refused(answer("call_1", "yes"), 403, "Session is not in collab mode");
  }

  @Test
  void onlyTheQuestionThatWaitsIsAnswered() {
    refused(answer("call_1", "yes"), 409, NOTHING_PENDING);
    ask("call_2");
    refused(
        answer("call_1", "yes"), 409, "This answer does not match the current pending question");
    say(new AgentNotice.Settled(about(null), "call_1"));
    say(new AgentNotice.Settled(about(null), "call_2"));
    awaitRefusal("call_2");
  }

  @Test
  void aSessionThatHasGoneWaitsForNothing() {
    ask("call_1");
    say(new AgentNotice.Settled(about(null), null));
    awaitRefusal("call_1");
  }

  @Test
  void aWorkerThatIsAwayKeepsTheQuestionOpen() {
    ask("call_1");
    commands.script(session.value(), Outcome.ABSENT);
    refused(answer("call_1", "yes"), 502, "Session runner not connected to this server");
    commands.script(session.value(), Outcome.DELIVERED);
    answer("call_1", "yes").statusCode(200);
  }

  @Test
  void anAnswerOfWhichNobodyKnowsIsGivenOnce() {
    ask("call_1");
    commands.script(session.value(), command -> Optional.empty());
    answer("call_1", "yes").statusCode(503).header("Retry-After", notNullValue());
    commands.script(session.value(), Outcome.DELIVERED);
    answer("call_1", "yes").statusCode(200);
    assertThat(commands.all("injectinput", session.value()))
        .extracting(ReceivedCommand::commandId)
        .hasSize(2)
        .containsOnly(commands.all("injectinput", session.value()).getFirst().commandId());
  }

  @Test
  void aQuestionThatIsAskedAgainIsAnotherOne() {
    ask("call_1");
    answer("call_1", "yes").statusCode(200);
    say(question("call_2", "yes", "no"));
    await().atMost(LIMIT).until(() -> answer("call_2", "no").extract().statusCode() == 200);
    assertThat(commands.all("injectinput", session.value())).hasSize(2);
  }

  @Test
  void aVeryLongAnswerGoesThrough() {
    ask("call_1");
    String text = "x".repeat(100_000);
    answer("call_1", text).statusCode(200);
    assertThat(commands.await("injectinput", session.value(), LIMIT).body().getString("text"))
        .isEqualTo(text);
  }

  private void ask(String toolCallId) {
    say(question(toolCallId, "yes", "no"));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                answer("another", "x").extract().statusCode() != 409
                    || !NOTHING_PENDING.equals(answer("another", "x").extract().path("error")));
  }

  private void awaitRefusal(String toolCallId) {
    // with a worker that is away, so that trying does not answer
    commands.script(session.value(), Outcome.ABSENT);
    await()
        .atMost(LIMIT)
        .until(() -> NOTHING_PENDING.equals(answer(toolCallId, "x").extract().path("error")));
  }

  private ValidatableResponse answer(String toolCallId, String text) {
    return caller().body(body(toolCallId, text)).post("/api/push/answer").then();
  }

  private ValidatableResponse post(String body) {
    return caller().body(body).post("/api/push/answer").then();
  }

  private Map<String, String> body(String toolCallId, String text) {
    return Map.of("sessionId", session.value(), "text", text, "toolCallId", toolCallId);
  }

  private static void refused(ValidatableResponse answer, int status, String text) {
    answer.statusCode(status).body("error", equalTo(text));
  }
}
