package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Triggers, their answers and messages between sessions (sockets.md 4.9 and 4.10). */
@QuarkusTest
class SessionTriggerTest extends FamilyTest {

  private static JSONObject trigger(String target, String id) {
    return Json.object(
        "type",
        "ask_user_question",
        "sourceSessionId",
        "made-up",
        "targetSessionId",
        target,
        "payload",
        Json.object("question", "Drop it?", "big", 12345678901234567L),
        "deliverAs",
        "steer",
        "expectsResponse",
        true,
        "triggerId",
        id,
        "ts",
        "2026-01-01T00:00:00.000Z");
  }

  @Test
  void aChildsTriggerReachesItsParentUnderItsOwnName() {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    assertOk(child.ask("session_trigger", "trigger", trigger(parent.id(), "t1")));
    JSONObject got = parent.socket().await("session_trigger").payload().getJSONObject("trigger");
    assertThat(got.getString("sourceSessionId")).isEqualTo(child.id());
    assertThat(got.getJSONObject("payload").getLong("big")).isEqualTo(12345678901234567L);
    assertThat(
            viewer.inbox().await(event -> event.is("trigger_delivered"), LIMIT).text("triggerId"))
        .isEqualTo("t1");
  }

  @Test
  void aTriggerForNobodyIsRefusedTwiceWithItsId() {
    Member child = member();
    assertRefused(
        child.ask("session_trigger", "trigger", trigger("gone", "t1")),
        "Target session gone is not connected");
    Received error = child.socket().await("session_message_error");
    assertThat(error.text("error")).isEqualTo("Target session gone is not connected");
    assertThat(error.text("triggerId")).isEqualTo("t1");
    assertThat(error.text("targetSessionId")).isEqualTo("gone");
  }

  @Test
  void aParentCannotTriggerItsChildThisWay() {
    Member parent = member();
    Member child = childOf(parent);
    assertRefused(parent.ask("session_trigger", "trigger", trigger(child.id(), "t1")), NO_CHILD);
  }

  @Test
  void aTriggerToItselfPassesAndAnEscalationKeepsItsSource() {
    Member self = member();
    JSONObject escalation = trigger(self.id(), "t1").put("type", "escalate");
    assertOk(self.ask("session_trigger", "trigger", escalation));
    JSONObject got = self.socket().await("session_trigger").payload().getJSONObject("trigger");
    assertThat(got.getString("sourceSessionId")).isEqualTo("made-up");
  }

  @Test
  void malformedAndForeignTriggersAreErrors() {
    Member self = member();
    String malformed = "session_trigger requires trigger with targetSessionId and triggerId";
    assertRefused(self.ask("session_trigger", "trigger", new JSONObject()), malformed);
    assertThat(self.socket().await("error").text("message")).isEqualTo(malformed);
    assertRefused(
        self.ask("session_trigger", "trigger", trigger(stranger().id(), "t1")),
        "Target session belongs to a different user");
    self.socket()
        .inbox()
        .await(
            event ->
                event.is("error")
                    && "Target session belongs to a different user".equals(event.text("message")),
            LIMIT);
  }

  @Test
  void withoutTheTokenNothingIsDone() {
    Member self = member();
    JSONObject answer =
        (JSONObject)
            self.socket()
                .emitWithAck(
                    "session_trigger",
                    Json.object("trigger", trigger(self.id(), "t"), "token", "x"))
                .join()[0];
    assertRefused(answer, "Invalid token");
    assertThat(self.socket().await("error").text("message")).isEqualTo("Invalid token");
  }

  @Test
  void aParentsAnswerReachesTheChild() {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    assertOk(
        parent.ask(
            "trigger_response",
            "triggerId",
            "t1",
            "response",
            "",
            "action",
            "approve",
            "targetSessionId",
            child.id()));
    JSONObject got = child.socket().await("trigger_response").payload();
    assertThat(got.similar(Json.object("triggerId", "t1", "response", "", "action", "approve")))
        .as(got.toString())
        .isTrue();
    viewer.inbox().await(event -> event.is("trigger_delivered"), LIMIT);
  }

  @Test
  void answersThatCannotBeDelivered() {
    Member parent = member();
    Member other = member();
    assertRefused(parent.ask("trigger_response", "triggerId", "t1"), "Missing required fields");
    assertThat(parent.socket().await("error").text("message"))
        .isEqualTo("trigger_response requires triggerId, response, and targetSessionId");
    assertRefused(
        parent.ask(
            "trigger_response", "triggerId", "t", "response", "r", "targetSessionId", other.id()),
        NO_PARENT);
    assertRefused(
        parent.ask(
            "trigger_response",
            "triggerId",
            "t",
            "response",
            "r",
            "targetSessionId",
            stranger().id()),
        "Target session belongs to a different user");
    assertOk(
        parent.ask(
            "trigger_response", "triggerId", "t", "response", "r", "targetSessionId", "gone"));
  }

  @Test
  void aStatusOfAChildIsShownToTheParentsViewers() {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    child.send(
        "trigger_status_update",
        "triggerId",
        "t1",
        "targetSessionId",
        parent.id(),
        "statusText",
        "half way");
    JSONObject shown =
        viewer.inbox().await(event -> event.is("trigger_status_update"), LIMIT).payload();
    assertThat(shown.getString("sourceSessionId")).isEqualTo(child.id());
    assertThat(shown.getString("statusText")).isEqualTo("half way");
    assertThat(shown.getString("ts")).endsWith("Z");
  }

  @Test
  void peopleAnswerForTheSessionTheyLookAtAndForItsChildren() throws Exception {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    JSONObject answer = Json.object("triggerId", "t1", "response", "yes");
    assertThat(viewer.socket().emitWithAck("trigger_response", answer).get()).isEmpty();
    parent.socket().await("trigger_response");
    answer.put("targetSessionId", child.id());
    assertThat(viewer.socket().emitWithAck("trigger_response", answer).get()).isEmpty();
    child.socket().await("trigger_response");
    answer.put("targetSessionId", "gone");
    viewer.socket().emit("trigger_response", answer);
    JSONObject error = viewer.inbox().await(event -> event.is("trigger_error"), LIMIT).payload();
    assertThat(error.getString("message")).isEqualTo("Child session gone is no longer available");
    assertThat(error.getString("triggerId")).isEqualTo("t1");
  }

  @Test
  void messagesPassBetweenSessionsOfOneUser() {
    Member parent = member();
    Member child = childOf(parent);
    Member friend = member();
    friend.send("session_message", "targetSessionId", parent.id(), "message", "hello");
    JSONObject got = parent.socket().await("session_message").payload();
    assertThat(got.getString("fromSessionId")).isEqualTo(friend.id());
    assertThat(got.getString("message")).isEqualTo("hello");
    parent.send(
        "session_message", "targetSessionId", child.id(), "message", "go on", "deliverAs", "input");
    JSONObject expected =
        Json.object(
            "text", "go on",
            "attachments", Json.array(),
            "client", "agent",
            "deliverAs", "followUp");
    JSONObject input = child.socket().await("input").payload();
    assertThat(input.similar(expected)).as(input.toString()).isTrue();
  }

  @Test
  void messagesThatCannotBeDelivered() {
    Member sender = member();
    Member friend = member();
    sender.send("session_message", "targetSessionId", friend.id());
    assertThat(sender.socket().await("error").text("message"))
        .isEqualTo("session_message requires targetSessionId and message");
    assertMessageError(sender, "gone", "Target session not found or not connected", false);
    assertMessageError(
        sender, stranger().id(), "Target session belongs to a different user", false);
    assertMessageError(
        sender,
        friend.id(),
        "Target session is not a child of the sender (linked relationship is broken or stale)",
        true);
  }

  private void assertMessageError(Member sender, String target, String text, boolean asInput) {
    sender.send(
        "session_message",
        "targetSessionId",
        target,
        "message",
        "m" + UUID.randomUUID(),
        "deliverAs",
        asInput ? "input" : null);
    Received error =
        sender
            .socket()
            .inbox()
            .await(
                event ->
                    event.is("session_message_error")
                        && target.equals(event.text("targetSessionId")),
                LIMIT);
    assertThat(error.text("error")).isEqualTo(text);
  }
}
