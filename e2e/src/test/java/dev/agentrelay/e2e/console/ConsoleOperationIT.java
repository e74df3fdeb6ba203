package dev.agentrelay.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.e2e.suite.Account;
import org.junit.jupiter.api.Test;

/** What whoever operates the relay sees, and a demo for whoever only looks around. */
class ConsoleOperationIT extends ConsoleTest {
  /** Named as an operator by the settings of the tests. */
  private static final String OPERATOR = "operator";

  @Test
  void anOperatorSeesEveryReplicaTheAccountsAndTheAuditTrail() {
    Account operator = suite.newAccount(OPERATOR);
    signIn(page, operator);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Operation")).click();

    Locator services =
        page.locator(".panel", new Page.LocatorOptions().setHasText("Last heard"))
            .locator("tbody th");
    assertThat(services).hasCount(14);
    assertThat(page.getByRole(AriaRole.CELL).getByText(operator.email()).first()).isVisible();
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
