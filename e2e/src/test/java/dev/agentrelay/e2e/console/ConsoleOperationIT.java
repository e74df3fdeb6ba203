package dev.agentrelay.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.testkit.clients.Json;
import org.junit.jupiter.api.Test;

/** What whoever operates the relay sees, and a demo for whoever only looks around. */
class ConsoleOperationIT extends ConsoleTest {
  @Test
  void anOperatorSeesEveryReplicaTheAccountsTheDrillsAndTheAuditTrail() {
    Account operator = suite.operatorAccount();
    suite
        .operator()
        .send(
            "POST",
            "/api/operator/drills",
            Json.object("name", "crash of a gateway", "passed", true, "backSeconds", 3.2));
    signIn(page, operator);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Operation")).click();

    Locator services =
        page.locator(".panel", new Page.LocatorOptions().setHasText("Last heard"))
            .locator("tbody th");
    assertThat(services).hasCount(14);
    assertThat(page.getByRole(AriaRole.CELL).getByText(operator.email()).first()).isVisible();
    Locator drills =
        page.locator(".panel", new Page.LocatorOptions().setHasText("Last drills"))
            .locator("tbody tr");
    assertThat(drills.first()).containsText("crash of a gateway");
    assertThat(drills.first()).containsText("3.2 s");
    assertThat(page.locator(".audit").getByText("signed in").first()).isVisible();
    assertThat(page.getByLabel("REST requests: ").first()).isVisible();
    // a rate needs two reports, a curve two rates
    assertThat(
            page.locator(".chart", new Page.LocatorOptions().setHasText("Runners")).locator("path"))
        .isAttached();
    keepPicture(page, "operation");
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
