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
    page.locator(".card").waitFor();
    page.navigate("/console/#/webhooks");
    button(page, "New webhook").click();
    page.getByLabel("Name").fill("Review pull requests");
    page.getByLabel("Sender").selectOption("github");
    button(page, "Create").click();
    page.getByText("Nothing came yet").waitFor();

    button(page, "Send a test").click();

    page.locator(".ledger .tag.delivered").waitFor();
    page.getByText("How to set up the sender").click();
    assertThat(page.locator(".steps").innerText()).contains("/fire", "whsec_");
    keepPicture(page, "webhooks");
  }
}
