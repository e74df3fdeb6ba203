package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Triggers of other services: delivered once, in order, and what is said of that. */
@QuarkusTest
class TriggerCommandTest extends CommandingTest {
  @Test
  void aTriggerIsDeliveredAndShown() {
    Member worker = member();
    ScriptedViewer viewer = viewerOf(worker);
    CommandAnswer answer = send(trigger(worker.id(), "t1"));
    assertThat(answer.outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(answer.sessionId()).isEqualTo(new SessionId(worker.id()));
    JSONObject got = worker.socket().await("session_trigger").payload().getJSONObject("trigger");
    assertThat(got.getString("triggerId")).isEqualTo("t1");
    assertThat(
            viewer.inbox().await(event -> event.is("trigger_delivered"), LIMIT).text("triggerId"))
        .isEqualTo("t1");
  }

  @Test
  void aWorkerThatAcknowledgesTriggersIsWaitedFor() {
    Member worker = member("acksSessionTrigger", true);
    worker.socket().on("session_trigger", asked -> Objects.requireNonNull(asked.ack()).call(true));
    assertThat(send(trigger(worker.id(), "t1")).outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
  }

  @Test
  void aWorkerThatDoesNotAcknowledgeATriggerHasItAllTheSameAndThatIsSaid() {
    Member worker = member("acksSessionTrigger", true);
    CommandAnswer answer = send(trigger(worker.id(), "t1"));
    assertThat(answer.outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(answer.reason()).isEqualTo("The worker has it and did not acknowledge it");
  }

  @Test
  void aWorkerThatHasFallenSilentIsGivenNoTriggerUntilItSaysSomething() {
    String id = UUID.randomUUID().toString();
    BareSession worker =
        BareSession.register(
            this, id, Json.object("sessionId", id, "cwd", "/src", "acksSessionTrigger", true));
    assertThat(send(trigger(worker.id, "t1")).outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(send(trigger(worker.id, "t2")).outcome()).isEqualTo(Outcome.FAILED);
    worker.sendStored(Json.object("type", "ui_notify", "message", "here"));
    assertThat(send(trigger(worker.id, "t3")).outcome()).isEqualTo(Outcome.DELIVERED);
    assertThat(worker.worker.inbox().all())
        .filteredOn(event -> event.is("session_trigger"))
        .extracting(TriggerCommandTest::triggerId)
        .containsExactly("t1", "t3");
  }

  @Test
  void aWorkerThatMayHaveTakenATriggerIsNotCalledAbsent() {
    Member worker = member("acksSessionTrigger", true);
    worker.socket().on("session_trigger", asked -> worker.socket().close());
    DeliverTrigger awaiting =
        new DeliverTrigger(
            new SessionId(worker.id()),
            new JsonText("{\"triggerId\":\"t1\"}"),
            Duration.ofSeconds(1),
            null);
    // its sender may try again under the same id only
    assertThat(send(awaiting).outcome()).isEqualTo(Outcome.FAILED);
  }

  @Test
  void theSameCommandIsDoneOnceAndAnsweredAlike() {
    Member worker = member();
    CommandId id = freshId();
    CommandAnswer first = send(id, user, trigger(worker.id(), "t1"));
    CommandAnswer second = send(id, user, trigger(worker.id(), "t1"));
    assertThat(second).isEqualTo(first);
    send(trigger(worker.id(), "t2"));
    awaitTrigger(worker, "t2");
    assertThat(worker.socket().inbox().all())
        .filteredOn(event -> event.is("session_trigger"))
        .hasSize(2);
  }

  @Test
  void triggersOfOneSessionKeepTheirOrder() {
    Member worker = member();
    int many = 200;
    List<String> sent = new ArrayList<>();
    List<CompletableFuture<CommandAnswer>> burst = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      sent.add("b" + i);
      burst.add(
          commands
              .send(freshId(), new UserId(user), trigger(worker.id(), "b" + i), WITHIN)
              .subscribeAsCompletionStage());
    }
    burst.forEach(CompletableFuture::join);
    awaitTrigger(worker, sent.getLast());
    assertThat(worker.socket().inbox().all())
        .filteredOn(event -> event.is("session_trigger"))
        .extracting(TriggerCommandTest::triggerId)
        .containsExactlyElementsOf(sent);
  }

  @Test
  void aTriggerWaitsForItsWorker() {
    String session = UUID.randomUUID().toString();
    DeliverTrigger waits =
        new DeliverTrigger(
            new SessionId(session),
            new JsonText("{\"triggerId\":\"t1\"}"),
            Duration.ofSeconds(15),
            null);
    CompletableFuture<CommandAnswer> answer =
        commands.send(freshId(), new UserId(user), waits, WITHIN).subscribeAsCompletionStage();
    Member worker = member(mine(), session);
    worker.socket().await("session_trigger");
    assertThat(answer.join().outcome()).isEqualTo(Outcome.DELIVERED);
  }

  private static void awaitTrigger(Member worker, String triggerId) {
    worker
        .socket()
        .inbox()
        .await(event -> event.is("session_trigger") && triggerId(event).equals(triggerId), LIMIT);
  }

  private static String triggerId(Received trigger) {
    return trigger.payload().getJSONObject("trigger").getString("triggerId");
  }
}
