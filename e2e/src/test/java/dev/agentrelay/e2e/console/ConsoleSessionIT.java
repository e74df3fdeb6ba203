package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.JSHandle;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketFrame;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SelectOption;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a session shows, and what can be done with it besides asking its agent. */
class ConsoleSessionIT extends ConsoleTest {
  private static final WorkerScript PROMPT =
      WorkerScript.standard().withReply(text -> "Heard **" + text + "**", Duration.ZERO);
  private static final WorkerScript SLOW =
      WorkerScript.standard()
          .withReply(text -> "word ".repeat(10_000), Duration.ofMillis(50))
          .withHeartbeat(Duration.ofMinutes(5));

  @Test
  void aBusyAgentIsSteeredToldWhatFollowsAndStopped() {
    signIn(page);
    ScriptedWorker worker = openSession(page, runner(SLOW));
    say(page, "begin");
    Locator field = page.getByPlaceholder("Steer it, or queue a follow-up…");
    field.fill("turn left");
    button(page, "Steer").click();
    assertThat(input(worker, "turn left").text("deliverAs")).isEqualTo("steer");
    field.fill("then stop there");
    button(page, "Follow up").click();
    assertThat(input(worker, "then stop there").text("deliverAs")).isEqualTo("followUp");

    button(page, "Stop").click();
    page.getByText("Stopped here").first().waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void theModelIsChanged() {
    signIn(page);
    ScriptedWorker worker = openSession(page, runner(SLOW));
    worker.sendEvent(
        Json.object(
            "type",
            "capabilities",
            "models",
            Json.array(
                Json.object("provider", "scripted", "id", "scripted-1", "name", "Scripted One"),
                Json.object("provider", "scripted", "id", "scripted-2", "name", "Scripted Two")),
            "commands",
            Json.array()));

    page.getByLabel("Model").selectOption(new SelectOption().setLabel("Scripted Two"));

    assertThat(worker.inbox().await(each -> each.is("model_set"), LIMIT).text("modelId"))
        .isEqualTo("scripted-2");
  }

  @Test
  void whatIsDroppedAndPastedGoesWithTheMessage() {
    signIn(page);
    ScriptedWorker worker = openSession(page, runner(PROMPT));
    page.locator(".composer").dispatchEvent("drop", Map.of("dataTransfer", file("notes.txt")));
    page.getByText("notes.txt").waitFor();
    page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true))
        .evaluate(
            """
            (field, clipboardData) =>
              field.dispatchEvent(new ClipboardEvent('paste', {clipboardData, bubbles: true}))
            """,
            file("pasted.txt"));
    page.getByText("pasted.txt").waitFor();
    say(page, "read these");

    JSONObject sent = input(worker, "read these").payload();
    assertThat(Json.arrayAt(sent, "attachments").toString())
        .contains("notes.txt", "pasted.txt", "attachmentId");
    assertThat(complaints).isEmpty();
  }

  @Test
  void olderMessagesComeAsOneScrollsAndPicturesAreShown() {
    Conversation history = new Conversation().says("The very first");
    for (int each = 1; each < 150; each++) {
      history.says("Message " + each);
    }
    history.shows();
    signIn(page);
    openSession(page, runner(WorkerScript.standard().withHistory(history.messages())));
    page.getByText("Message 149").waitFor();
    page.waitForCondition(
        () -> isTrue("document.querySelector('img.picture')?.naturalWidth === 1"));
    assertThat(page.getByText("The very first").count()).isZero();

    page.waitForCondition(
        () ->
            isTrue(
                """
                () => {
                  document.getElementById('stream').scrollTop = 0;
                  return document.getElementById('stream').textContent.includes('The very first');
                }
                """));
    assertThat(complaints).isEmpty();
  }

  @Test
  void twoTabsShowTheSame() {
    signIn(page);
    openSession(page, runner(PROMPT));
    Page second = page.context().newPage();
    second.navigate(page.url());
    second.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).waitFor();

    say(page, "from the first");
    second.locator(".prose strong").getByText("from the first").waitFor();
    say(second, "from the second");
    page.locator(".prose strong").getByText("from the second").waitFor();
    page.locator(".usage").getByText("200").waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void whatCannotBeRecoveredIsToldAndLoadedAnew() {
    AtomicBoolean loses = new AtomicBoolean(true);
    page.routeWebSocket(
        url -> url.contains("/socket.io/"),
        socket -> {
          WebSocketRoute relay = socket.connectToServer();
          socket.onMessage(frame -> pass(frame, relay, loses.get(), "\"resync\""));
          relay.onMessage(frame -> pass(frame, socket, loses.get(), "left out"));
        });
    signIn(page);
    ScriptedWorker worker = openSession(page, runner(PROMPT));
    worker.sendEvent(said("This is left out"));
    worker.sendEvent(said("This comes"));
    Locator warning = page.getByText("Some events could not be recovered");
    warning.waitFor();

    loses.set(false);
    button(page, "Load the session anew").click();

    page.getByText("This is left out").waitFor();
    page.getByText("This comes").waitFor();
    assertThat(warning.count()).isZero();
  }

  private static void pass(WebSocketFrame frame, WebSocketRoute to, boolean loses, String lost) {
    if (!loses || !frame.text().contains(lost)) {
      to.send(frame.text());
    }
  }

  private static JSONObject said(String text) {
    return Json.object(
        "type",
        "message_start",
        "message",
        new Conversation().says(text).messages().getJSONObject(0));
  }

  @Test
  void exposedPortsAreLinksToTheirTunnels() {
    signIn(page);
    ScriptedRunner runner = runner(PROMPT);
    runner
        .socket()
        .on(
            "service_message",
            asked -> {
              if ("tunnel_list".equals(asked.text("type"))) {
                tell(
                    runner,
                    asked.text("sessionId"),
                    "tunnel_list_result",
                    Json.object(
                        "tunnels",
                        Json.array(
                            Json.object("port", 5173, "name", "shop", "url", "/tunnel/5173"),
                            Json.object("port", 41_000, "name", "time", "pinned", true))));
              }
            });
    ScriptedWorker worker = openSession(page, runner);
    Locator ports = page.getByLabel("Exposed ports").getByRole(AriaRole.LINK);
    ports.getByText("shop 5173").waitFor();
    tell(runner, worker.sessionId(), "tunnel_registered", Json.object("port", 8080));
    ports.getByText("Port 8080").waitFor();

    assertThat(ports.evaluateAll("links => links.map(each => each.pathname + each.target)"))
        .asString()
        .isEqualTo(
            "[/api/tunnel/runner/%1$s/5173/_blank, /api/tunnel/runner/%1$s/8080/_blank]"
                .formatted(runner.runnerId()));
    tell(runner, worker.sessionId(), "tunnel_removed", Json.object("port", 5173));
    page.waitForCondition(() -> ports.count() == 1);
    assertThat(complaints).isEmpty();
  }

  @Test
  void aFileIsReadInColours() {
    ScriptedRunner runner = runner(PROMPT);
    offerFile(runner);
    signIn(page);
    openSession(page, runner);
    page.navigate(page.url() + "/files");

    page.locator(".tree").getByText("Scanner.java").click();

    page.locator(".code .hljs-keyword").getByText("final").waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void theKeyboardLeadsOutOfATerminal() {
    ScriptedRunner runner = runner(PROMPT);
    runner.answer(
        "new_terminal",
        asked ->
            new ScriptedRunner.Answer(
                "terminal_ready", Json.object("terminalId", asked.getString("terminalId"))));
    signIn(page);
    openSession(page, runner);
    page.navigate(page.url() + "/terminal");
    button(page, "Open a terminal").click();
    page.getByText("Connected", new Page.GetByTextOptions().setExact(true)).waitFor();
    Locator shell = page.locator(".xterm-helper-textarea");
    shell.press("Tab");
    assertThat(shell.evaluate("each => each === document.activeElement")).isEqualTo(true);

    shell.press("Control+F6");

    assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Close");
  }

  private static void tell(
      ScriptedRunner runner, @Nullable String session, String type, JSONObject payload) {
    runner.emit(
        "service_message",
        Json.object("serviceId", "tunnel", "type", type, "sessionId", session, "payload", payload));
  }

  private boolean isTrue(String expression) {
    return Boolean.TRUE.equals(page.evaluate(expression));
  }

  private JSHandle file(String name) {
    return page.evaluateHandle(
        """
        name => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(['What to read'], name, {type: 'text/plain'}));
          return transfer;
        }
        """,
        name);
  }
}
