package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.e2e.webhook.SignedWebhook;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.SpawnDecision;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever an agent, a runner, a file name or a webhook says is shown, and never runs. */
class ConsoleHostileTextIT extends ConsoleTest {
  private static final List<String> PAYLOADS =
      List.of(
          "<script>window.ran=1</script>",
          "<img src=x onerror=\"window.ran=2\">",
          "<svg onload=window.ran=3><a xlink:href=\"javascript:window.ran=3\">x</a></svg>",
          "[click](javascript:window.ran=4)",
          "[click](data:text/html,<script>window.ran=5</script>)",
          "![x](x\" onerror=\"window.ran=6)",
          "<iframe srcdoc=\"<script>parent.ran=7</script>\"></iframe>",
          "<a href=\"java&#10;script:window.ran=8\" onclick=\"window.ran=8\">x</a>",
          "<style>*{display:none}</style><div style=\"position:fixed;inset:0\">x</div>",
          "```html\n</code></pre><script>window.ran=9</script>\n```",
          "<math><mtext><table><mglyph><style><img src=x onerror=window.ran=10>",
          "<form action=https://example.org><button>Sign in again</button></form>",
          "<template><script>window.ran=11</script></template>",
          "\u202Egnp.exe <base href=//example.org>",
          "{{constructor.constructor('window.ran=12')()}} ${window.ran=13}");

  @Test
  void agentsRunnersAndFilesCannotRunAnything() {
    Conversation history = new Conversation();
    for (String payload : PAYLOADS) {
      history
          .asks(payload)
          .thinks(payload, 1)
          .says(payload)
          .calls(payload, Json.object("command", payload, payload, payload), payload, true);
    }
    String worst = PAYLOADS.get(1);
    WorkerScript script =
        WorkerScript.standard().withSessionName(worst).withHistory(history.messages());
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard()
                    .withName(worst)
                    .withRoots("/" + worst)
                    .withWorkers(script)));
    runner.answer(
        "list_files",
        request ->
            new ScriptedRunner.Answer(
                "file_result",
                Json.object(
                    "requestId", request.getString("requestId"),
                    "ok", true,
                    "files",
                        Json.array(
                            Json.object(
                                "name", worst, "path", "/" + worst, "isDirectory", false)))));
    signIn(page);
    String session =
        me.rest(suite.edge()).spawn(runner.runnerId(), "/" + worst, null).getString("sessionId");
    ScriptedWorker worker = runner.awaitWorker(session);

    page.navigate("/console/#/session/" + session);
    page.locator(".message").nth(20).waitFor();
    askQuestion(worker, worst, PAYLOADS.toArray(String[]::new));
    worker.sendEvent(
        Json.object(
            "type",
            "approval_pending",
            "approval",
            Json.object(
                "promptId",
                worst,
                "title",
                worst,
                "toolName",
                worst,
                "message",
                String.join("\n\n", PAYLOADS),
                "fields",
                Json.array(
                    Json.object("key", worst, "label", worst, "value", worst),
                    Json.object("key", "edit", "label", worst, "value", worst, "editable", true)),
                "actions",
                Json.array(Json.object("id", worst, "label", worst)))));
    worker.sendEvent(
        Json.object(
            "type",
            "plugin_trust_required",
            "prompt",
            Json.object(
                "promptId", worst,
                "pluginNames", Json.array(PAYLOADS.toArray()),
                "pluginSummaries", Json.array(PAYLOADS.toArray()))));
    page.getByText("The agent asks").waitFor();
    page.getByLabel("To approve").waitFor();
    page.getByLabel("Plugins to trust").waitFor();
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
    assertNothingRan();
    keepPicture(page, "hostile-text");

    page.navigate("/console/#/session/" + session + "/files");
    page.locator(".tree .item").nth(1).waitFor();
    page.navigate("/console/#/home");
    page.locator(".card").waitFor();
    assertNothingRan();
    assertThat(page.locator(".card h2").innerText()).isEqualTo(worst);
  }

  /** A runner refuses with each of them, and then starts a session. */
  @Test
  void sendersAndRunnersCannotRunAnythingInTheLedger() {
    Queue<String> refusals = new ConcurrentLinkedQueue<>(PAYLOADS);
    String worst = PAYLOADS.get(1);
    ScriptedRunner runner =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard()
                    .withName(worst)
                    .onNewSession(request -> decision(request, refusals.poll()))));
    RelayClient owner = me.rest(suite.edge());
    PAYLOADS.forEach(payload -> webhook(owner, runner, payload, payload));
    SignedWebhook fired = webhook(owner, runner, "The one that is fired", worst);
    for (int each = 0; each <= PAYLOADS.size(); each++) {
      String payload = PAYLOADS.get(each % PAYLOADS.size());
      JSONObject body = Json.object("type", payload, "text", payload, payload, Json.array(payload));
      fired.fire(suite.edge(), "delivery-" + each, body.toString());
    }

    signIn(page);
    page.navigate("/console/#/webhooks");
    button(page, "The one that is fired").click();
    page.locator(".ledger .tag.delivered").waitFor();
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)");
    assertThat(page.locator(".ledger b").allTextContents()).containsAll(PAYLOADS);
    assertThat(page.locator(".ledger .warning").allTextContents()).containsAll(PAYLOADS);
    assertThat(page.locator(".webhook .title").allTextContents()).containsAll(PAYLOADS);
    assertNothingRan();
    keepPicture(page, "hostile-ledger");

    Locator started =
        page.locator(".ledger")
            .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Session"));
    String session = started.getAttribute("href").replace("#/session/", "");
    page.waitForCondition(() -> hasHistory(owner, session));
    started.click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Triggers")).click();
    page.locator(".page.inner .rows b").first().waitFor();
    assertNothingRan();
  }

  private static SignedWebhook webhook(
      RelayClient owner, ScriptedRunner runner, String name, String otherwise) {
    return SignedWebhook.make(
        owner,
        Json.object(
            "name", name,
            "source", otherwise,
            "cwd", "/" + otherwise,
            "prompt", otherwise,
            "runnerId", runner.runnerId()));
  }

  private static boolean hasHistory(RelayClient owner, String session) {
    String path = "/api/sessions/" + session + "/triggers?state=all";
    return !Json.arrayAt(Json.parse(owner.send("GET", path, null).body()), "triggers").isEmpty();
  }

  private static SpawnDecision decision(JSONObject request, @Nullable String refusal) {
    return refusal == null
        ? new SpawnDecision.Fork(WorkerScript.standard().forSession(request))
        : new SpawnDecision.Refuse(refusal);
  }

  private void assertNothingRan() {
    assertThat(page.evaluate("window.ran")).isNull();
    assertThat(
            page.locator(
                    "#console :is(script, iframe, style, form[action], base, math, object,"
                        + " a[href^='javascript'], a[href^='data'], [onerror], [onload], [onclick],"
                        + " [style])")
                .count())
        .isZero();
    assertThat(complaints).isEmpty();
  }
}
