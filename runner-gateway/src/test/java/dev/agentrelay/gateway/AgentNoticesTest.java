package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.Asked;
import dev.agentrelay.contracts.AgentNotice.Failed;
import dev.agentrelay.contracts.AgentNotice.Finished;
import dev.agentrelay.contracts.AgentNotice.PlanReady;
import dev.agentrelay.contracts.AgentNotice.Settled;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What the gateway says of agents that want something from their owner (sockets.md 4.4.7). */
@QuarkusTest
class AgentNoticesTest extends GatewayTest {
  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final String session = UUID.randomUUID().toString();

  @Test
  void whatTheAgentSaidLastIsTold() {
    ScriptedWorker worker = worker();
    worker.sendEvent(
        agentEnd(
            says("assistant", text("first")),
            says("assistant", text(" All "), Json.object("type", "toolCall"), text("green. ")),
            says("assistant", Json.object("type", "thinking", "thinking", "hm")),
            says("user", text("thanks"))));
    worker.sendEvent(Json.object("type", "agent_end"));
    worker.sendEvent(agentEnd(says("assistant", text("x".repeat(5_000)))));

    List<AgentNotice> notices = read(3);

    assertThat(notices).allSatisfy(each -> assertThat(each).isInstanceOf(Finished.class));
    assertThat(((Finished) notices.get(0)).lastText()).isEqualTo("All \ngreen.");
    assertThat(((Finished) notices.get(1)).lastText()).isNull();
    assertThat(((Finished) notices.get(2)).lastText()).isEqualTo("x".repeat(301));
  }

  @Test
  void aQuestionIsToldInBothItsForms() {
    ScriptedWorker worker = worker();
    worker.sendEvent(
        tool("start", "AskUserQuestion", "call_1")
            .put(
                "args",
                Json.object(
                    "questions",
                    Json.array(
                        Json.object("question", " ", "options", Json.array("no")),
                        Json.object("question", "Drop it?", "options", Json.array("yes", "", 7)),
                        Json.object("question", "When?", "options", Json.array("now"))))));
    worker.sendEvent(
        tool("start", "AskUserQuestion", "call_2")
            .put("args", Json.object("question", "Which?", "options", Json.array("a", "b"))));
    worker.sendEvent(tool("start", "AskUserQuestion", "call_3"));
    worker.sendEvent(tool("end", "AskUserQuestion", "call_3"));

    List<AgentNotice> notices = read(4);

    assertThat(notices.get(0))
        .isEqualTo(new Asked(notices.get(0).about(), "call_1", 2, "Drop it?", List.of("yes")));
    assertThat(notices.get(1))
        .isEqualTo(new Asked(notices.get(1).about(), "call_2", 1, "Which?", List.of("a", "b")));
    assertThat(notices.get(2))
        .isEqualTo(new Asked(notices.get(2).about(), "call_3", 0, null, List.of()));
    assertThat(notices.get(3)).isEqualTo(new Settled(notices.get(3).about(), "call_3"));
  }

  @Test
  void plansAndFailuresAreToldAndOtherToolsAreNot() {
    ScriptedWorker worker = worker();
    worker.sendEvent(tool("start", "bash", "call_1"));
    worker.sendEvent(tool("start", "plan_mode", "call_2"));
    worker.sendEvent(tool("end", "plan_mode", "call_2"));
    worker.sendEvent(tool("end", "bash", "call_1"));
    worker.sendEvent(Json.object("type", "cli_error", "message", "out of tokens"));
    worker.sendEvent(Json.object("type", "cli_error"));
    worker.end();

    List<AgentNotice> notices = read(4);

    assertThat(notices.get(0)).isInstanceOf(PlanReady.class);
    assertThat(((Failed) notices.get(1)).message()).isEqualTo("out of tokens");
    assertThat(((Failed) notices.get(2)).message()).isNull();
    assertThat(((Settled) notices.get(3)).toolCallId()).isNull();
  }

  @Test
  void nobodyWaitsForAnAnswerOnceTheWorkerIsAnotherOrGone() {
    worker().sendEvent(tool("start", "AskUserQuestion", "call_1"));
    List<AgentNotice> asked = read(1);
    ScriptedWorker another = worker();
    List<AgentNotice> replaced = read(2);
    another.close();
    List<AgentNotice> gone = read(3);

    assertThat(asked.getFirst()).isInstanceOf(Asked.class);
    assertThat(((Settled) replaced.getLast()).toolCallId()).isNull();
    assertThat(((Settled) gone.getLast()).toolCallId()).isNull();
    assertThat(gone).extracting(each -> each.about().noticeId()).doesNotHaveDuplicates();
  }

  @Test
  void eachNoticeTellsOfItsSession() {
    ScriptedWorker parent =
        open(ScriptedWorker.start(mine(), WorkerScript.standard().withSessionId("p" + session)));
    String parentId = parent.awaitRegistered().getString("sessionId");
    WorkerScript script = WorkerScript.standard().withSessionId(session).withSessionName("billing");
    ScriptedWorker worker = worker(script.withParent(parentId).withCollab(false));
    for (int each = 0; each < 5; each++) {
      worker.sendEvent(Json.object("type", "cli_error", "message", "number " + each));
    }

    List<AgentNotice> notices = read(5);

    assertThat(notices).extracting(each -> each.about().noticeId()).doesNotHaveDuplicates();
    AgentNotice.About about = notices.getFirst().about();
    assertThat(about.sessionId()).isEqualTo(new SessionId(session));
    assertThat(about.userId()).isEqualTo(new UserId(user));
    assertThat(about.sessionName()).isEqualTo("billing");
    assertThat(about.collab()).isFalse();
    assertThat(about.parentSessionId()).isEqualTo(new SessionId(parentId));
    assertThat(about.at()).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  private ScriptedWorker worker() {
    return worker(WorkerScript.standard().withSessionId(session));
  }

  private static JSONObject agentEnd(JSONObject... messages) {
    return Json.object("type", "agent_end", "messages", new JSONArray(List.of(messages)));
  }

  private static JSONObject says(String role, JSONObject... parts) {
    return Json.object("role", role, "content", new JSONArray(List.of(parts)));
  }

  private static JSONObject text(String text) {
    return Json.object("type", "text", "text", text);
  }

  private static JSONObject tool(String moment, String name, String call) {
    return Json.object("type", "tool_execution_" + moment, "toolName", name, "toolCallId", call);
  }

  /** The session's notices in order, once there are so many. */
  private List<AgentNotice> read(int count) {
    return SaidOnKafka.read(kafka, Topics.NOTICES, session, count, AgentNotice.class);
  }
}
