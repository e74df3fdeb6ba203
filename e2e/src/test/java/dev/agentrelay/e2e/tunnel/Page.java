package dev.agentrelay.e2e.tunnel;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.WaitUntilState;
import dev.agentrelay.e2e.browser.Chromium;
import java.net.URI;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An app in a browser that has seen nothing else. */
final class Page implements AutoCloseable {
  private static final double LIMIT_MILLIS = 60_000;
  private static final String REMEMBERED_SOCKETS =
      """
      window.sockets = [];
      window.WebSocket = new Proxy(WebSocket, {
        construct(type, given, as) {
          const socket = Reflect.construct(type, given, as);
          sockets.push(socket);
          return socket;
        }
      });
      """;

  private final BrowserContext browser;
  private final com.microsoft.playwright.Page tab;

  private Page(BrowserContext browser) {
    this.browser = browser;
    this.tab = browser.newPage();
  }

  /**
   * A tab that shows an address, in which the cookies of a {@code Cookie} header are set; empty for
   * none. Its WebSockets are in {@code window.sockets}, as the browser itself has opened them.
   */
  static Page open(URI url, String cookies) {
    BrowserContext browser = Chromium.running().newContext();
    browser.setDefaultTimeout(LIMIT_MILLIS);
    browser.addInitScript(REMEMBERED_SOCKETS);
    browser.addCookies(
        Arrays.stream(cookies.isEmpty() ? new String[0] : cookies.split("; ", -1))
            .map(cookie -> cookie.split("=", 2))
            .map(pair -> new Cookie(pair[0], pair[1]).setUrl(url.resolve("/").toString()))
            .toList());
    Page page = new Page(browser);
    page.tab.navigate(
        url.toString(),
        new com.microsoft.playwright.Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
    return page;
  }

  /** The value of an expression, or of what its promise gives; strings, numbers, booleans. */
  @Nullable Object evaluate(String expression) {
    return tab.evaluate(expression);
  }

  /** Waits until an expression, which may fail until then, is true. */
  void awaitTrue(String expression) {
    tab.waitForFunction(
        "() => { try { return (" + expression + ") === true } catch (missing) { return false } }");
  }

  @Override
  public void close() {
    browser.close();
  }
}
