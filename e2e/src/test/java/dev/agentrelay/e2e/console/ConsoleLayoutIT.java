package dev.agentrelay.e2e.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.agentrelay.testkit.clients.WorkerScript;
import org.junit.jupiter.api.Test;

/** How it looks on a phone and with very much to show. */
class ConsoleLayoutIT extends ConsoleTest {
  private static final int PHONE_WIDTH = 360;
  private static final int PHONE_HEIGHT = 720;
  private static final int MANY = 20_000;
  private static final int FIVE_MIB = 5 * 1024 * 1024;

  private final WorkerScript worker =
      WorkerScript.standard()
          .withSessionName("Fix the number scanner")
          .withHistory(Conversation.ofAChange().messages());

  @Test
  void nothingIsWiderThanAPhone() {
    Page phone = page(PHONE_WIDTH, PHONE_HEIGHT, ColorScheme.DARK);
    signIn(phone);
    openSession(phone, runner(worker));
    phone.getByText("three of them new").waitFor();
    keepPicture(phone, "phone-session");

    for (String place : new String[] {"home", "new", "webhooks", "settings"}) {
      assertThat(width(phone)).as(place).isLessThanOrEqualTo(PHONE_WIDTH);
      phone.navigate("/console/#/" + place);
      phone.locator("h1").first().waitFor();
      keepPicture(phone, "phone-" + place);
    }
    assertThat(complaints).isEmpty();
  }

  @Test
  void aLaptopShowsTheWholeOfIt() {
    signIn(page);
    openSession(page, runner(worker));
    page.getByText("three of them new").waitFor();
    keepPicture(page, "session");
    page.navigate("/console/#/home");
    page.locator(".card").waitFor();
    keepPicture(page, "runners");
  }

  @Test
  void twentyThousandMessagesScrollAndAHugeOneIsCut() {
    Conversation history = new Conversation();
    for (int each = 0; each < MANY; each++) {
      history.says("Message **" + each + "**");
    }
    history.says("x".repeat(FIVE_MIB));
    signIn(page);
    openSession(
        page,
        runner(WorkerScript.standard().withChunkedSnapshots(200).withHistory(history.messages())));
    page.getByText("Show all 5.0 MiB").waitFor();

    assertThat(page.locator("[data-at]").count()).isLessThan(200);
    page.waitForFunction(
        "wanted => { document.getElementById('stream').scrollTop = 0;"
            + " return Number(document.querySelector('[data-at]').dataset.at) < wanted }",
        MANY - 400);
    assertThat(page.locator("[data-at]").count()).isLessThan(200);
  }

  private static int width(Page phone) {
    return ((Number) phone.evaluate("document.documentElement.scrollWidth")).intValue();
  }
}
