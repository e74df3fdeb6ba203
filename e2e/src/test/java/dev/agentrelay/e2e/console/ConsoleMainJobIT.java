package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the console is for: from an empty relay to an answer. */
class ConsoleMainJobIT extends ConsoleTest {
  private static final Duration PACE = Duration.ofMillis(20);

  @Test
  void aNewPersonIsToldHowToConnectARunner() {
    page.navigate("/");
    page.getByLabel("Name").fill("Grace");
    page.getByLabel("Email").fill("grace-" + UUID.randomUUID() + "@example.org");
    page.getByLabel("Password").fill("Correct-Horse-1");
    button(page, "Create account").click();

    page.getByText("Welcome, Grace").waitFor();
    page.getByText("pizzapi runner").waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void aSessionIsStartedWatchedSteeredAskedAndEnded() {
    signIn(page);
    page.getByText("One step is left").waitFor();
    ScriptedRunner runner =
        runner(WorkerScript.standard().withReply(text -> "Heard **" + text + "**.", PACE));
    page.locator(".card", text("workshop")).waitFor();

    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Start a session")).click();
    page.locator("input[name=cwd]").fill("/home/ada/project");
    page.getByLabel("Prompt").fill("the first prompt");
    button(page, "Start session").click();

    page.locator(".prose strong", text("the first prompt")).waitFor();
    say(page, "the second");
    page.locator(".prose strong", text("the second")).waitFor();

    ScriptedWorker worker = runner.workers().values().iterator().next();
    askQuestion(worker, "Tea or coffee?", "Tea", "Coffee");
    page.getByLabel("Coffee", new Page.GetByLabelOptions().setExact(true)).check();
    button(page, "Answer").click();
    page.locator(".prose strong", text("Coffee")).waitFor();

    page.onDialog(dialog -> dialog.accept());
    button(page, "End").click();
    page.getByText("This session has ended").waitFor();
    assertThat(complaints).isEmpty();
  }

  private static Page.LocatorOptions text(String wanted) {
    return new Page.LocatorOptions().setHasText(wanted);
  }
}
