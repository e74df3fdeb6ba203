package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.RequestOptions;
import dev.agentrelay.e2e.webhook.SignedWebhook;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A webhook made, fired and found in its ledger, by each kind of sender as its steps say. */
class ConsoleWebhookIT extends ConsoleTest {
  private static final String BODY =
      """
      {"type":"nightly","text":"Look at this"}\
      """;

  private final Locator delivered = page.locator(".ledger .tag.delivered");
  private final Locator steps = page.locator(".steps");

  @BeforeEach
  void signInWithARunner() {
    runner(WorkerScript.standard());
    signIn(page);
  }

  @Test
  void aTestIsSeenInTheLedgerWithItsState() {
    createWebhook(page, "Review pull requests", "github");
    page.getByText("Nothing came yet").waitFor();

    button(page, "Send a test").click();

    delivered.waitFor();
    showSteps();
    assertThat(steps.innerText()).contains("/fire", "whsec_");
    keepPicture(page, "webhooks");
  }

  @Test
  void gitLabIsBelievedByTheTokenThatItsStepsName() {
    createWebhook(page, "Merge requests", "gitlab");
    showSteps();

    APIResponse answer =
        page.request()
            .post(
                steps.locator("code").nth(0).innerText(),
                RequestOptions.create()
                    .setHeader("Content-Type", "application/json")
                    .setHeader("X-Gitlab-Token", steps.locator("code").nth(1).innerText())
                    .setHeader("X-Gitlab-Event", "Merge Request Hook")
                    .setData(BODY));

    assertThat(answer.ok()).as(answer.text()).isTrue();
    delivered.waitFor();
    page.locator(".ledger").getByText("Merge Request Hook").waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void theLinesForAScriptRunAsTheyStandThere() throws Exception {
    createWebhook(page, "From a script", "");
    showSteps();

    assertThat(run(steps.locator("code").innerText())).contains("\"ok\":true");

    delivered.waitFor();
    page.locator(".ledger").getByText("push").waitFor();
    assertThat(complaints).isEmpty();
  }

  @Test
  void aSecretIsRotatedAndBothCountForAWhile() {
    createWebhook(page, "Nightly", "");
    showSteps();
    String shown = steps.innerText();
    RelayClient owner = me.rest(suite.edge());
    SignedWebhook before = SignedWebhook.first(owner);

    page.onDialog(Dialog::accept);
    button(page, "Rotate the secret").click();

    page.getByText("The earlier secret still counts until").waitFor();
    assertThat(steps.innerText()).isNotEqualTo(shown);
    assertThat(before.fire(suite.edge(), "old", BODY).statusCode()).isEqualTo(200);
    assertThat(SignedWebhook.first(owner).fire(suite.edge(), "new", BODY).statusCode())
        .isEqualTo(200);
    page.waitForCondition(() -> delivered.count() == 2);
    assertThat(complaints).isEmpty();
  }

  private void showSteps() {
    page.getByText("How to set up the sender").click();
    steps.waitFor();
  }

  private static String run(String lines) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", lines).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(said).isZero();
    return said;
  }
}
