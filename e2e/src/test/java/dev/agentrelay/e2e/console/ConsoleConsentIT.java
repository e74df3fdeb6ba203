package dev.agentrelay.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Agents that stop until somebody lets them go on. */
class ConsoleConsentIT extends ConsoleTest {

  @Test
  void aPlanIsApproved() {
    ScriptedWorker worker = session();
    worker.sendEvent(
        Json.object(
            "type",
            "plan_pending",
            "plan",
            Json.object(
                "toolCallId", "call-1",
                "title", "Move the parser",
                "steps", Json.array(Json.object("title", "Write its test first")))));
    page.getByText("Write its test first").waitFor();

    button(page, "Approve").click();

    assertThat(input(worker, "execute_keep_context").text("client")).isEqualTo("web");
    assertThat(complaints).isEmpty();
  }

  @Test
  void anApprovalIsGivenWithWhatWasChangedInIt() {
    ScriptedWorker worker = session();
    Locator asking = page.getByText("waits for you");
    worker.sendEvent(
        pending(
            Json.object(
                "promptId", "mail-1",
                "title", "Send this mail?",
                "toolName", "send_mail",
                "message", "To **one** person",
                "fields",
                    Json.array(
                        Json.object("key", "from", "label", "From", "value", "ada@example.org"),
                        Json.object(
                            "key",
                            "to",
                            "label",
                            "To",
                            "value",
                            "bob@example.org",
                            "editable",
                            true),
                        Json.object(
                            "key",
                            "text",
                            "label",
                            "Text",
                            "value",
                            "Hello",
                            "editable",
                            true,
                            "multiline",
                            true)),
                "actions",
                    Json.array(
                        Json.object("id", "send", "label", "Send it", "style", "primary"),
                        Json.object("id", "later", "label", "Later")))));
    asking.waitFor();
    assertThat(page.title()).startsWith("● ");
    page.locator(".ask strong").getByText("one").waitFor();
    page.getByText("ada@example.org").waitFor();

    page.getByLabel("Text", new Page.GetByLabelOptions().setExact(true)).fill("Good morning");
    button(page, "Send it").click();

    assertThat(answer(worker, "mail-1").toMap())
        .isEqualTo(
            Json.object(
                    "promptId", "mail-1",
                    "action", "send",
                    "edits", Json.object("text", "Good morning"))
                .toMap());
    worker.sendEvent(Json.object("type", "approval_cleared", "promptId", "mail-1"));
    assertThat(asking).hasCount(0);
    assertThat(complaints).isEmpty();
  }

  @Test
  void whatNamesNoAnswersIsApprovedOrRejected() {
    ScriptedWorker worker = session();
    worker.sendEvent(pending(Json.object("promptId", "delete-1", "title", "Delete build/?")));
    button(page, "Reject").click();
    assertThat(answer(worker, "delete-1").toMap())
        .isEqualTo(Json.object("promptId", "delete-1", "action", "reject").toMap());

    worker.sendEvent(pending(Json.object("promptId", "delete-2", "title", "Delete target/?")));
    page.getByText("Delete target/?").waitFor();
    button(page, "Approve").click();
    assertThat(answer(worker, "delete-2").getString("action")).isEqualTo("approve");
  }

  @Test
  void pluginsAreTrusted() {
    ScriptedWorker worker = session();
    worker.sendEvent(
        Json.object(
            "type",
            "plugin_trust_required",
            "prompt",
            Json.object(
                "promptId", "trust-1",
                "pluginNames", Json.array("formatter"),
                "pluginSummaries", Json.array("one hook after each edit"))));
    page.getByText("one hook after each edit").waitFor();

    button(page, "Trust them").click();

    Received told =
        worker
            .inbox()
            .await(
                each -> each.is("exec") && "plugin_trust_response".equals(each.text("command")),
                LIMIT);
    assertThat(told.text("promptId")).isEqualTo("trust-1");
    assertThat(told.payload().get("trusted")).isEqualTo(true);
    worker.sendEvent(Json.object("type", "plugin_trust_resolved", "promptId", "trust-1"));
    assertThat(page.getByText("Trust the plugins")).hasCount(0);
    assertThat(complaints).isEmpty();
  }

  private ScriptedWorker session() {
    signIn(page);
    return openSession(page, runner(WorkerScript.standard()));
  }

  private static JSONObject pending(JSONObject approval) {
    return Json.object("type", "approval_pending", "approval", approval);
  }

  private static JSONObject answer(ScriptedWorker worker, String promptId) {
    return Json.parse(Json.requireText(input(worker, promptId).payload(), "text"));
  }
}
