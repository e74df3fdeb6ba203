package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedHub;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each meta event changes of what the hub shows of a session (sockets.md 4.18). */
@QuarkusTest
class MetaEventTest extends GatewayTest {
  private static final String INITIAL =
      """
      {"todoList": [], "pendingQuestion": null, "pendingPlan": null, "planModeEnabled": false,
       "isCompacting": false, "retryState": null, "pendingPluginTrust": null,
       "pendingApproval": null, "mcpStartupReport": null, "tokenUsage": null,
       "providerUsage": null, "thinkingLevel": null, "authSource": null, "model": null,
       "goal": null, "version": 0}
      """;

  private final String id = UUID.randomUUID().toString();

  /** Each event, what it carries, and what the state has of it afterwards. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "todo_updated | {'todoList':[{'id':1}]} | {'todoList':[{'id':1}]}",
        "question_pending | {'question':{'toolCallId':'t'}} |"
            + " {'pendingQuestion':{'toolCallId':'t'}}",
        "plan_pending | {'plan':{'toolCallId':'t'}} | {'pendingPlan':{'toolCallId':'t'}}",
        "plan_mode_toggled | {'enabled':true} | {'planModeEnabled':true}",
        "compact_started | {} | {'isCompacting':true}",
        "retry_state_changed | {'state':{'errorMessage':'e'}} |"
            + " {'retryState':{'errorMessage':'e'}}",
        "plugin_trust_required | {'prompt':{'promptId':'p'}} |"
            + " {'pendingPluginTrust':{'promptId':'p'}}",
        "approval_pending | {'approval':{'promptId':'p'}} | {'pendingApproval':{'promptId':'p'}}",
        "mcp_startup_report | {'report':{'toolCount':1},'ts':2} |"
            + " {'mcpStartupReport':{'toolCount':1}}",
        "token_usage_updated | {'tokenUsage':{'input':1},'providerUsage':{'p':2}}"
            + " | {'tokenUsage':{'input':1},'providerUsage':{'p':2}}",
        "thinking_level_changed | {'level':'high'} | {'thinkingLevel':'high'}",
        "auth_source_changed | {'source':'env'} | {'authSource':'env'}",
        "model_changed | {'model':{'id':'m'}} | {'model':{'id':'m'}}",
        "goal_updated | {'goal':{'id':'g'}} | {'goal':{'id':'g'}}"
      })
  void anEventIsToldAndItsMemberIsTakenOver(String type, String fields, String expected) {
    BareSession session = BareSession.register(this, id);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    assertIs(hub.subscribeMeta(id), new JSONObject(INITIAL));
    JSONObject event = json(fields).put("type", type);
    session.send(event);
    assertIs(
        hub.await("meta_event", id), json(event.toString()).put("sessionId", id).put("version", 1));
    assertIs(hub.subscribeMeta(id), with(json(expected)).put("version", 1));
  }

  @ParameterizedTest
  @CsvSource({
    "question_pending, question, question_cleared",
    "plan_pending, plan, plan_cleared",
    "plugin_trust_required, prompt, plugin_trust_resolved",
    "approval_pending, approval, approval_cleared",
    "compact_started, none, compact_ended"
  })
  void whatIsOverIsTakenBackWhateverItsId(String begins, String member, String ends) {
    BareSession session = BareSession.register(this, id);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    session.send(Json.object("type", begins, member, Json.object("toolCallId", "one")));
    session.sendStored(Json.object("type", ends, "toolCallId", "another"));
    assertIs(hub.subscribeMeta(id), new JSONObject(INITIAL).put("version", 2));
  }

  @Test
  void aNewRegistrationStartsOver() {
    BareSession.register(this, id).sendStored(Json.object("type", "compact_started"));
    BareSession.register(this, id);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    assertIs(hub.subscribeMeta(id), new JSONObject(INITIAL));
  }

  private static JSONObject with(JSONObject changed) {
    JSONObject state = new JSONObject(INITIAL);
    changed.keySet().forEach(member -> state.put(member, changed.get(member)));
    return state;
  }

  private static JSONObject json(String text) {
    return new JSONObject(text.replace('\'', '"'));
  }

  private static void assertIs(JSONObject told, JSONObject expected) {
    assertThat(told.similar(expected)).as(told.toString()).isTrue();
  }
}
