package dev.agentrelay.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.WorkerScript;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What whoever operates the relay sees, and a demo for whoever only looks around. */
@ResourceLock(Suite.OPERATOR)
class ConsoleOperationIT extends ConsoleTest {
  @Test
  void anOperatorSeesEveryReplicaTheAccountsTheDrillsAndTheAuditTrail() {
    Account operator = suite.operatorAccount();
    runner(WorkerScript.standard());
    suite
        .operator()
        .send(
            "POST",
            "/api/operator/drills",
            Json.object("name", "crash of a gateway", "passed", true, "backSeconds", 3.2));
    signIn(page, operator);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Operation")).click();

    assertThat(rows("Replicas")).hasCount(14);
    // newest first: the account of this test is among them, however many there are
    Locator mine = rows("Accounts").filter(new Locator.FilterOptions().setHasText(me.email()));
    assertThat(mine).containsText("1 of 1,000");
    Locator attachments =
        rows("Quotas").filter(new Locator.FilterOptions().setHasText("Attachments"));
    assertThat(attachments).containsText("512.0 MiB");
    Locator drills = rows("Last drills");
    assertThat(drills.first()).containsText("crash of a gateway");
    assertThat(drills.first()).containsText("3.2 s");
    assertThat(rows("Audit trail").getByText("signed in").first()).isVisible();
    assertThat(page.getByLabel("REST requests: ").first()).isVisible();
    // a rate needs two reports, a curve two rates
    assertThat(
            page.locator(".chart", new Page.LocatorOptions().setHasText("Runners")).locator("path"))
        .isAttached(new LocatorAssertions.IsAttachedOptions().setTimeout(PATIENCE_MS));
    keepPicture(page, "operation");
  }

  private Locator rows(String table) {
    return page.getByLabel(table, new Page.GetByLabelOptions().setExact(true)).locator("tbody tr");
  }

  @Test
  void nobodyElseIsShownTheWayThere() {
    signIn(page);
    page.locator(".steps").first().waitFor();
    assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Operation")))
        .hasCount(0);
    page.navigate("/console/#/operator");
    assertThat(page.getByText("For operators")).isVisible();
  }

  @Test
  void aDemoRunnerIsOneButtonAway() {
    signIn(page);
    button(page, "Start the demo runner").click();
    page.locator(".card", new Page.LocatorOptions().setHasText("demo runner")).waitFor();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Start a session")).click();
    page.getByLabel("Prompt").fill("Who are you?");
    button(page, "Start session").click();
    page.getByText("This agent is scripted").first().waitFor();
  }
}
