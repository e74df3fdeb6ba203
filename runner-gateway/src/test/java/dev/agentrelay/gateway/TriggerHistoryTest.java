package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.TriggerEvent;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.gateway.TopicReader;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What the gateway says on Kafka for the histories of sessions (sockets.md 4.10). */
@QuarkusTest
class TriggerHistoryTest extends FamilyTest {
  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @Test
  void whatAChildAsksAndItsParentAnswersIsInTheParentsHistory() {
    TopicReader said = open(new TopicReader(kafka, Topics.TRIGGERS));
    Member parent = member();
    Member child = childOf(parent);
    assertOk(
        child.ask(
            "session_trigger",
            "trigger",
            Json.object(
                "type", "plan_review",
                "targetSessionId", parent.id(),
                "sourceSessionName", "the child",
                "payload", Json.object("n", 1),
                "deliverAs", "followUp",
                "triggerId", "t1")));
    assertOk(
        parent.ask(
            "trigger_response",
            "triggerId",
            "t1",
            "response",
            "go on",
            "action",
            "approve",
            "targetSessionId",
            child.id()));

    TriggerEvent.Delivered asked = await(said, parent, "t1", TriggerEvent.Delivered.class);
    assertThat(asked.userId().value()).isEqualTo(user);
    assertThat(asked.triggerType()).isEqualTo("plan_review");
    assertThat(asked.source()).isEqualTo(child.id());
    assertThat(asked.summary()).isEqualTo("the child");
    assertThat(asked.payload().value()).isEqualTo("{\"n\":1}");
    assertThat(asked.deliverAs()).isEqualTo("followUp");
    assertThat(asked.direction()).isEqualTo("inbound");
    TriggerEvent.Answered answered = await(said, parent, "t1", TriggerEvent.Answered.class);
    assertThat(answered.action()).isEqualTo("approve");
    assertThat(answered.text()).isEqualTo("go on");
  }

  @Test
  void whatPeopleAnswerIsInTheHistoryOfTheSessionTheyLookAtBeforeTheyAreToldSo() throws Exception {
    TopicReader said = open(new TopicReader(kafka, Topics.TRIGGERS));
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    JSONObject answer =
        Json.object("triggerId", "t2", "response", "yes", "targetSessionId", child.id());

    assertThat(viewer.socket().emitWithAck("trigger_response", answer).get()).isEmpty();

    assertThat(viewer.inbox().all())
        .as("its viewers are told before the answer is acknowledged")
        .anyMatch(event -> event.is("trigger_delivered") && "t2".equals(event.text("triggerId")));
    assertThat(await(said, parent, "t2", TriggerEvent.Answered.class).text()).isEqualTo("yes");
  }

  @Test
  void whatWasNotDeliveredIsInNoHistory() {
    TopicReader said = open(new TopicReader(kafka, Topics.TRIGGERS));
    Member parent = member();
    Member stranger = member();
    JSONObject trigger =
        Json.object("type", "x", "targetSessionId", parent.id(), "triggerId", "refused");
    assertRefused(stranger.ask("session_trigger", "trigger", trigger), NO_CHILD);

    JSONObject toItself = Json.object("type", "x", "targetSessionId", parent.id());
    assertOk(parent.ask("session_trigger", "trigger", toItself.put("triggerId", "taken")));

    await(said, parent, "taken", TriggerEvent.Delivered.class);
    assertThat(said.said().all()).noneMatch(each -> each.value().contains("refused"));
  }

  private static <T extends TriggerEvent> T await(
      TopicReader said, Member session, String triggerId, Class<T> type) {
    return type.cast(
        read(
            said.said()
                .await(
                    each ->
                        session.id().equals(each.key())
                            && each.value().contains("\"" + triggerId + "\"")
                            && type.isInstance(read(each.value())),
                    LIMIT)
                .value()));
  }

  private static TriggerEvent read(String text) {
    try {
      return RelayJson.mapper().readValue(text, TriggerEvent.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
