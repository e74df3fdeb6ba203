package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.agentrelay.e2e.suite.WebhookSignature;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who may do what in a person's name: programs by keys, browsers by logins, senders by secrets. */
class ConsoleAccountIT extends ConsoleTest {
  private static final String SLACKS_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
  private static final String MENTION =
      """
      {"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention","text":"Look at this"}}\
      """;
  private static final int UNAUTHORIZED = 401;

  /** More than there are replicas of any service, which take turns. */
  private static final int TURNS = 6;

  /** So that connections can be cut. */
  private static final String KEEP_SOCKETS =
      """
      window.sockets = [];
      window.WebSocket = class extends WebSocket {
        constructor(...address) {
          super(...address);
          window.sockets.push(this);
        }
      };
      """;

  @Test
  void aKeyIsShownOnceWorksAndEndsWhenItIsDeleted() {
    signIn(page);
    page.navigate("/console/#/settings");
    page.getByLabel("Name of a new key").fill("laptop");
    button(page, "Create key").click();
    String key = page.locator(".panel .copyable code").first().innerText();
    RelayClient program = new RelayClient(ClientOptions.of(suite.edge()).withApiKey(key));
    assertThat(program.runners().length()).isZero();

    page.onDialog(Dialog::accept);
    Locator row = page.locator("li", new Page.LocatorOptions().setHasText("laptop"));
    row.getByRole(AriaRole.BUTTON).click();
    row.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    page.waitForCondition(
        () -> program.exchange("GET", "/api/runners", null).statusCode() == UNAUTHORIZED);
    assertThat(complaints).isEmpty();
  }

  @Test
  void whoIsSignedOutFromElsewhereIsAskedToSignInInsteadOfSeeingOldLists() {
    page.addInitScript(KEEP_SOCKETS);
    signIn(page);
    Page other = page(1280, 800, ColorScheme.DARK);
    signIn(other);
    other.navigate("/console/#/settings");
    Locator logins =
        other.locator(".panel", new Page.LocatorOptions().setHasText("Signed in")).locator("li");
    other.waitForCondition(() -> logins.count() == 2);

    logins.getByRole(AriaRole.BUTTON).click();
    other.waitForCondition(() -> logins.count() == 1);
    page.waitForCondition(
        () -> IntStream.range(0, TURNS).allMatch(each -> runnersOf(page) == UNAUTHORIZED));
    page.evaluate("window.sockets.forEach(each => each.close())");

    page.getByLabel("Password").waitFor();
  }

  @Test
  void slackIsBelievedByItsOwnSecretAndItsCallIsReplayed() {
    runner(WorkerScript.standard());
    signIn(page);
    createWebhook(page, "Mentions", "slack");
    page.getByText("How to set up the sender").click();
    page.getByLabel("The sender's secret").fill(SLACKS_SECRET);
    button(page, "Keep").click();
    page.getByText("The sender's secret is kept").waitFor();

    String address = page.locator(".steps code").first().innerText();
    String time = String.valueOf(Instant.now().getEpochSecond());
    String signed = "v0:" + time + ":" + MENTION;
    APIResponse answer =
        page.request()
            .post(
                address,
                RequestOptions.create()
                    .setHeader("Content-Type", "application/json")
                    .setHeader("X-Slack-Request-Timestamp", time)
                    .setHeader(
                        "X-Slack-Signature", "v0=" + WebhookSignature.of(signed, SLACKS_SECRET))
                    .setData(MENTION));
    assertThat(answer.ok()).as(answer.text()).isTrue();

    // nobody asks for the ledger anew: it follows by itself
    Locator delivered = page.locator(".ledger .tag.delivered");
    delivered.waitFor();
    page.locator(".ledger").getByText("app_mention").waitFor();
    button(page, "Replay").click();
    page.locator(".ledger").getByText("· replay").waitFor();
    page.waitForCondition(() -> delivered.count() == 2);
    assertThat(complaints).isEmpty();
  }

  private static int runnersOf(Page where) {
    return where.request().get("/api/runners").status();
  }
}
