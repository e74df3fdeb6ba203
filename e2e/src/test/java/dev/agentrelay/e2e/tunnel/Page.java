package dev.agentrelay.e2e.tunnel;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.testkit.clients.Json;
import java.time.Duration;
import org.json.JSONObject;

/** A tab of the browser. */
final class Page implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Chromium browser;
  private final String session;
  private final String target;

  Page(Chromium browser, String session, String target) {
    this.browser = browser;
    this.session = session;
    this.target = target;
  }

  /** The value of an expression, or of what its promise gives; strings, numbers, booleans. */
  Object evaluate(String expression) {
    JSONObject answer =
        browser.call(
            session,
            "Runtime.evaluate",
            Json.object("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException("The page threw " + answer.getJSONObject("exceptionDetails"));
    }
    return answer.getJSONObject("result").opt("value");
  }

  /** Waits until an expression, which may fail until then, is true. */
  void awaitTrue(String expression) {
    await(expression)
        .atMost(LIMIT)
        .until(
            () ->
                Boolean.TRUE.equals(
                    evaluate(
                        "(() => { try { return "
                            + expression
                            + " } catch (missing) { return false } })()")));
  }

  @Override
  public void close() {
    browser.call(null, "Target.closeTarget", Json.object("targetId", target));
  }
}
