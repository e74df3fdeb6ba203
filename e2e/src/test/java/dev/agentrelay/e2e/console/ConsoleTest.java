package dev.agentrelay.e2e.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.agentrelay.e2e.browser.Chromium;
import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** The console in a real browser, on the running suite. Screenshots stay in {@code target}. */
abstract class ConsoleTest extends SuiteTest {
  private static final int LAPTOP_WIDTH = 1280;
  private static final int LAPTOP_HEIGHT = 800;
  protected static final double PATIENCE_MS = LIMIT.toMillis();

  /** What the page said on its console as an error, policy violations included. */
  protected final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

  protected final Page page = page(LAPTOP_WIDTH, LAPTOP_HEIGHT, ColorScheme.LIGHT);

  protected final Page page(int width, int height, ColorScheme colours) {
    BrowserContext context =
        open(
            Chromium.running()
                .newContext(
                    new Browser.NewContextOptions()
                        .setBaseURL(suite.edge().toString())
                        .setColorScheme(colours)
                        .setViewportSize(width, height)));
    context.setDefaultTimeout(PATIENCE_MS);
    Page opened = context.newPage();
    opened.onConsoleMessage(
        message -> {
          // an answer of 503 is noted by the browser too; what the page makes of it is looked at
          boolean ofAnAnswer = message.text().startsWith("Failed to load resource");
          if (message.type().equals("error") && !ofAnAnswer) {
            complaints.add(message.text());
          }
        });
    opened.onPageError(complaints::add);
    return opened;
  }

  protected final void signIn(Page where) {
    signIn(where, me);
  }

  protected final void signIn(Page where, Account who) {
    where.navigate("/console/");
    Locator other = button(where, "I have an account");
    where.getByLabel("Email").waitFor();
    if (other.isVisible()) {
      other.click();
    }
    where.getByLabel("Email").fill(who.email());
    where.getByLabel("Password").fill(who.password());
    button(where, "Sign in").click();
    where.locator(".link-state.good:visible").waitFor();
  }

  protected final ScriptedRunner runner(WorkerScript worker) {
    return open(
        ScriptedRunner.connect(
            me.at(suite.edge()),
            RunnerScript.standard()
                .withName("workshop")
                .withRoots("/home/ada")
                .withWorkers(worker)));
  }

  /** Has a text in the session's folder that can be read. */
  protected static void offerFile(ScriptedRunner runner) {
    String path = "/home/ada/project/Scanner.java";
    JSONObject file = Json.object("name", "Scanner.java", "path", path, "isDirectory", false);
    runner
        .answer("list_files", asked -> fileResult("files", Json.array(file)))
        .answer("read_file", asked -> fileResult("content", "final class Scanner {}"));
  }

  protected static ScriptedRunner.Answer fileResult(String member, @Nullable Object value) {
    return new ScriptedRunner.Answer(
        "file_result", Json.object("ok", true, "size", 22, "truncated", false, member, value));
  }

  /** A session that runs, opened in the page. */
  protected final ScriptedWorker openSession(Page where, ScriptedRunner runner) {
    String session =
        me.rest(suite.edge())
            .spawn(runner.runnerId(), "/home/ada/project", null)
            .getString("sessionId");
    ScriptedWorker worker = runner.awaitWorker(session);
    where.navigate("/console/#/session/" + session);
    where.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).waitFor();
    return worker;
  }

  /** A webhook for the only runner there is, made on its page. */
  protected static void createWebhook(Page where, String name, String sender) {
    where.locator(".card").waitFor();
    where.navigate("/console/#/webhooks");
    button(where, "New webhook").click();
    where.getByLabel("Name").fill(name);
    where.getByLabel("Sender").selectOption(sender);
    button(where, "Create").click();
  }

  protected static Locator button(Page where, String name) {
    return where.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  protected static void say(Page where, String text) {
    Locator field = where.getByLabel("Message", new Page.GetByLabelOptions().setExact(true));
    field.fill(text);
    field.press("Enter");
  }

  /** What the agent was told that contains the text. */
  protected static Received input(ScriptedWorker worker, String text) {
    return worker
        .inbox()
        .await(each -> each.is("input") && String.valueOf(each.text("text")).contains(text), LIMIT);
  }

  protected static void askQuestion(ScriptedWorker worker, String question, String... options) {
    worker.sendEvent(
        Json.object(
            "type",
            "question_pending",
            "question",
            Json.object(
                "toolCallId",
                "call-1",
                "questions",
                Json.array(
                    Json.object(
                        "question", question, "options", Json.array((Object[]) options))))));
  }

  protected static void keepPicture(Page where, String name) {
    where.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
  }
}
