package dev.agentrelay.docs;

import dev.agentrelay.docs.Endpoint.Access;
import dev.agentrelay.docs.Endpoint.Parameter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code /api/docs}: the same as the OpenAPI document, for people; a page without scripts. */
final class ApiPage {
  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>Agent Relay: API</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
      summary { cursor: pointer; padding: .25rem 0; }
      code { font-size: .95em; }
      th, td { text-align: left; vertical-align: top; padding: .1rem .75rem .1rem 0; }
      details > :not(summary) { margin-left: 1.25rem; }
      </style>
      </head>
      <body>
      <h1>Agent Relay: API</h1>
      <p>For programs: <a href="/api/openapi.json">openapi.json</a>, and for the events of the sockets
      <a href="/api/asyncapi.json">asyncapi.json</a></p>
      """;

  private ApiPage() {}

  /**
   * @param home the folder of the whole project
   */
  static String text(Path home) {
    Map<String, List<Endpoint>> services =
        OpenApiDocument.endpoints(home).stream()
            .collect(Collectors.groupingBy(Endpoint::service, TreeMap::new, Collectors.toList()));
    StringBuilder page = new StringBuilder(HEAD);
    services.forEach(
        (service, endpoints) -> {
          page.append("<h2>").append(service).append("</h2>\n");
          endpoints.forEach(each -> append(page, each));
        });
    return page.append("</body>\n</html>\n").toString();
  }

  private static void append(StringBuilder page, Endpoint endpoint) {
    page.append(
        "<details><summary><code>%s %s</code></summary>\n<p>%s</p>\n<p>%s</p>\n<table>\n"
            .formatted(
                endpoint.method(),
                escaped(endpoint.path()),
                escaped(endpoint.summary()),
                access(endpoint.access())));
    for (Parameter each : endpoint.parameters()) {
      row(page, each.place() + " <code>" + escaped(each.name()) + "</code>", each.type());
    }
    if (endpoint.takes() != null) {
      row(page, "body", endpoint.takes());
    }
    row(page, "200", endpoint.mediaType());
    endpoint.errors().forEach((status, codes) -> row(page, status.toString(), codes(codes)));
    page.append("</table></details>\n");
  }

  private static String codes(SortedSet<String> codes) {
    return codes.stream()
        .map(code -> "<code>" + escaped(code) + "</code>")
        .collect(Collectors.joining(", "));
  }

  private static void row(StringBuilder page, String head, String text) {
    page.append("<tr><th>%s</th><td>%s</td></tr>\n".formatted(head, text));
  }

  private static String access(Access access) {
    return switch (access) {
      case ANYONE -> "No credential is needed, or one of its own kind.";
      case CALLER -> "Needs an API key or a login.";
      case API_KEY -> "Needs an API key.";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
