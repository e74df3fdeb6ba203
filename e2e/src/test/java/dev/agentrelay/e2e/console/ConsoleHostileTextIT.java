package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.util.List;
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
    page.getByText("The agent asks").waitFor();
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
