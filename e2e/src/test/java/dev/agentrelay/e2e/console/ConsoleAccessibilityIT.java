package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page by those rules of WCAG 2.1, A and AA, that a program can check; light and dark. */
@ResourceLock(Suite.OPERATOR)
class ConsoleAccessibilityIT extends ConsoleTest {
  private static final String RULES = "() => {" + script() + "\n}";

  /** What breaks a rule, with the reason. */
  private static final String BROKEN =
      """
      async () => {
        const { violations } = await axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
          resultTypes: ['violations'],
        });
        return violations.flatMap((rule) =>
          rule.nodes.map((node) => [rule.id, node.html, node.failureSummary].join(' ')));
      }
      """;

  private static final String UNFOLD =
      "document.querySelectorAll('details').forEach(each => each.open = true)";

  @Test
  void aPageThatBreaksARuleWouldBeNoticed() {
    page.setContent("<main><img src='x.png'></main>");
    assertThat(broken(page)).asString().contains("image-alt", "html-has-lang");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void whoComesAndConnectsARunner(ColorScheme colours) {
    Page where = page(1280, 800, colours);
    where.navigate("/console/");
    where.getByLabel("Email").waitFor();
    assertKept(where, "signing up");
    signIn(where);
    where.getByText("One step is left").waitFor();
    assertKept(where, "the first steps");
    runner(WorkerScript.standard());
    where.locator(".card").waitFor();
    where.evaluate(UNFOLD);
    where.getByText("None", new Page.GetByTextOptions().setExact(true)).waitFor();
    assertKept(where, "runners");
    visit(where, "new", "Start session");
    assertKept(where, "a new session");
    visit(where, "settings", "Create key");
    assertKept(where, "the account");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void whoWorksInASession(ColorScheme colours) {
    Page where = page(1280, 800, colours);
    signIn(where);
    ScriptedRunner runner =
        runner(WorkerScript.standard().withHistory(Conversation.ofAChange().messages()));
    offerFile(runner);
    ScriptedWorker worker = openSession(where, runner);
    where.getByText("three of them new").waitFor();
    askQuestion(worker, "Tea or coffee?", "Tea", "Coffee");
    worker.sendEvent(
        Json.object(
            "type",
            "approval_pending",
            "approval",
            Json.object(
                "promptId", "mail-1",
                "title", "Send this mail?",
                "fields",
                    Json.array(
                        Json.object(
                            "key", "to", "label", "To", "value", "bob", "editable", true)))));
    button(where, "Answer").waitFor();
    button(where, "Reject").waitFor();
    where.evaluate(UNFOLD);
    assertKept(where, "a conversation");

    String session = where.url().substring(where.url().indexOf("#/") + 2);
    visit(where, session + "/files", "Scanner.java");
    button(where, "Scanner.java").click();
    where.locator(".code .hljs-keyword").first().waitFor();
    assertKept(where, "files");
    visit(where, session + "/terminal", "Open a terminal");
    assertKept(where, "a terminal");
    visit(where, session + "/triggers", "Subscribe");
    assertKept(where, "triggers");
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void whoLooksAfterWebhooksAndTheRelay(ColorScheme colours) {
    Page where = page(1280, 800, colours);
    runner(WorkerScript.standard());
    signIn(where);
    createWebhook(where, "Review pull requests", "slack");
    button(where, "Send a test").click();
    where.locator(".ledger .tag.delivered").waitFor();
    where.evaluate(UNFOLD);
    assertKept(where, "webhooks");

    Page operators = page(1280, 800, colours);
    signIn(operators, suite.operatorAccount());
    operators.navigate("/console/#/operator");
    Page.GetByLabelOptions exactly = new Page.GetByLabelOptions().setExact(true);
    operators.getByLabel("Replicas", exactly).waitFor();
    operators.getByLabel("Audit trail", exactly).locator("tbody tr").first().waitFor();
    assertKept(operators, "operation");
  }

  /** Goes to a page, which is there with that button. */
  private static void visit(Page where, String place, String known) {
    where.navigate("/console/#/" + place);
    button(where, known).waitFor();
  }

  private static void assertKept(Page where, String place) {
    assertThat(broken(where)).as(place).isEmpty();
  }

  private static List<?> broken(Page where) {
    where.evaluate(RULES);
    return (List<?>) where.evaluate(BROKEN);
  }

  private static String script() {
    try (InputStream script = ConsoleAccessibilityIT.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
