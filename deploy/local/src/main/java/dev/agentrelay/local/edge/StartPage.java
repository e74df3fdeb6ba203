package dev.agentrelay.local.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What {@code /} shows while no web UI is given: what runs, and how to go on. */
public final class StartPage implements Edge.Pages {
  private final String template;
  private final Supplier<Map<String, Boolean>> status;

  /**
   * @param url where the relay is reached
   * @param status whether each process is ready now, by name; may take a while
   */
  public StartPage(String url, Supplier<Map<String, Boolean>> status) {
    this.template = resource("start-page.html").replace("${url}", url);
    this.status = status;
  }

  @Override
  public void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    ContentPolicy.addCommonHeaders(response);
    response.putHeader("Cache-Control", "no-cache");
    switch (request.path()) {
      case "/" -> {
        response.putHeader("Content-Type", "text/html;charset=utf-8");
        response.putHeader(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'");
        // The answers of the services are awaited elsewhere, never on the event loop.
        CompletableFuture.supplyAsync(status)
            .thenAccept(found -> response.end(template.replace("${status}", rows(found))))
            .exceptionally(
                failure -> {
                  response.setStatusCode(500).end();
                  return null;
                });
      }
      case "/start-page.css" -> {
        response.putHeader("Content-Type", "text/css;charset=utf-8");
        response.end(resource("start-page.css"));
      }
      default -> Edge.notFound(request);
    }
  }

  private static String rows(Map<String, Boolean> status) {
    return status.entrySet().stream()
        .map(
            each ->
                "<tr><td>"
                    + each.getKey()
                    + "</td><td class=\""
                    + (each.getValue() ? "ready\">ready" : "away\">not answering")
                    + "</td></tr>")
        .collect(Collectors.joining("\n"));
  }

  private static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(StartPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
