package dev.agentrelay.e2e.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.util.Map;
import org.json.JSONArray;
import org.junit.jupiter.api.Test;

/** Where sessions start: in folders that were used before or are looked for, and by the clock. */
class ConsoleStartIT extends ConsoleTest {
  private final RelayClient rest = me.rest(suite.edge());

  @Test
  void aSessionStartsInARecentFolder() {
    ScriptedRunner runner = runner(WorkerScript.standard());
    for (String folder : new String[] {"/home/ada/often", "/home/ada/often", "/home/ada/once"}) {
      rest.spawn(runner.runnerId(), folder, null);
    }
    String recent = "/api/runners/" + runner.runnerId() + "/recent-folders";
    page.waitForCondition(
        () ->
            rest.send("GET", recent, null)
                .body()
                .contains("[\"/home/ada/often\",\"/home/ada/once\"]"));
    signIn(page);
    page.navigate("/console/#/new");
    assertThat(folder()).hasValue("/home/ada/often");

    page.getByLabel("Recent folders").getByText("…/ada/once").click();

    assertThat(startedIn(runner)).isEqualTo("/home/ada/once");
    assertThat(complaints).isEmpty();
  }

  @Test
  void aSessionStartsInAFolderThatWasLookedFor() {
    ScriptedRunner runner = runner(WorkerScript.standard());
    Map<String, JSONArray> inside =
        Map.of(
            "/home/ada", folders("/home/ada/work", "/home/ada/play"),
            "/home/ada/work", folders("/home/ada/work/parser"),
            "/home/ada/work/parser", folders());
    runner.answer(
        "browse_directory",
        asked -> fileResult("directories", inside.get(asked.getString("path"))));
    signIn(page);
    page.navigate("/console/#/new");
    button(page, "Browse").click();
    Locator browser = page.getByLabel("Folders of the runner");
    button(page, "work").click();
    browser.getByText("parser").waitFor();
    button(page, "..").click();
    browser.getByText("play").waitFor();
    button(page, "work").click();
    button(page, "parser").click();
    browser.getByText("No folders inside").waitFor();
    button(page, "Use this folder").click();
    assertThat(folder()).hasValue("/home/ada/work/parser");

    assertThat(startedIn(runner)).isEqualTo("/home/ada/work/parser");
    assertThat(complaints).isEmpty();
  }

  @Test
  void aScheduleIsListedWithItsSessionAndTakenAway() {
    ScriptedRunner runner = runner(WorkerScript.standard());
    String session =
        rest.spawn(runner.runnerId(), "/home/ada/project", null).getString("sessionId");
    runner.awaitWorker(session).awaitRegistered();
    rest.send(
        "POST",
        "/api/sessions/" + session + "/trigger-subscriptions",
        Json.object("triggerType", "time:timer_fired", "params", Json.object("duration", "10m")));
    signIn(page);
    page.getByText("Schedules").click();
    Locator schedule = page.locator(".card .rows li");
    assertThat(schedule).containsText("timer_fired");
    assertThat(schedule).containsText("10m");
    assertThat(schedule.getByRole(AriaRole.LINK)).hasAttribute("href", "#/session/" + session);

    button(page, "Remove").click();

    page.locator(".card").getByText("None").waitFor();
    assertThat(complaints).isEmpty();
  }

  private Locator folder() {
    return page.locator("input[name=cwd]");
  }

  /** Starts the session that the page is about, and tells what the runner hears of its folder. */
  private String startedIn(ScriptedRunner runner) {
    long before = runner.inbox().mark();
    button(page, "Start session").click();
    page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)).waitFor();
    return String.valueOf(
        runner.inbox().awaitAfter(before, each -> each.is("new_session"), LIMIT).text("cwd"));
  }

  private static JSONArray folders(String... paths) {
    JSONArray folders = new JSONArray();
    for (String path : paths) {
      folders.put(Json.object("name", path.substring(path.lastIndexOf('/') + 1), "path", path));
    }
    return folders;
  }
}
