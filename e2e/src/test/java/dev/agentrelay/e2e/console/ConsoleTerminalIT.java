package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A shell on the runner. */
class ConsoleTerminalIT extends ConsoleTest {

  @Test
  void whatIsTypedReachesTheShellAndIsEchoed() {
    List<String> typed = new CopyOnWriteArrayList<>();
    ScriptedRunner runner = runner(WorkerScript.standard());
    runner
        .answer("new_terminal", request -> new ScriptedRunner.Answer("terminal_ready", id(request)))
        .answer(
            "terminal_input",
            request -> {
              typed.add(request.getString("data"));
              return new ScriptedRunner.Answer(
                  "terminal_data", id(request).put("data", request.getString("data")));
            });
    signIn(page);
    openSession(page, runner);

    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Terminal")).click();
    button(page, "Open a terminal").click();
    page.getByText("Connected", new Page.GetByTextOptions().setExact(true)).waitFor();
    page.locator(".xterm-helper-textarea").pressSequentially("echo");

    page.locator(".xterm-accessibility").getByText("echo").first().waitFor();
    assertThat(typed).isNotEmpty();
    assertThat(complaints).isEmpty();
    keepPicture(page, "terminal");
  }

  private static JSONObject id(JSONObject request) {
    return Json.object("terminalId", request.getString("terminalId"));
  }
}
