package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.WorkerScript;
import org.junit.jupiter.api.Test;

/** A webhook made, fired and found in its ledger. */
class ConsoleWebhookIT extends ConsoleTest {

  @Test
  void aTestIsSeenInTheLedgerWithItsState() {
    runner(WorkerScript.standard());
    signIn(page);
    createWebhook(page, "Review pull requests", "github");
    page.getByText("Nothing came yet").waitFor();

    button(page, "Send a test").click();

    page.locator(".ledger .tag.delivered").waitFor();
    page.getByText("How to set up the sender").click();
    assertThat(page.locator(".steps").innerText()).contains("/fire", "whsec_");
    keepPicture(page, "webhooks");
  }
}
