package dev.agentrelay.auth.console;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Serves the console at {@code /console/}; also at {@code /} and the addresses of sessions, which
 * come here where no other web UI takes them.
 */
@ApplicationScoped
class ConsolePages {
  private static final String RESOURCES = "/META-INF/resources/console/";
  private static final String PAGE = "index.html";

  /** Before the framework's own handler of static files, which knows neither tags nor policies. */
  private static final int FIRST = -1;

  private static final Pattern NAMED_BY_CONTENT = Pattern.compile("chunk-[A-Z0-9]+\\.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "svg", "image/svg+xml");

  /** Everything comes from the relay itself; nothing inline runs or styles. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /** Only what exists is kept, so the map has a bound. */
  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  void install(@Observes Router router) {
    router.get("/").order(FIRST).handler(request -> send(request, PAGE));
    router.get("/session/:id").order(FIRST).handler(request -> send(request, PAGE));
    router.get("/console").order(FIRST).handler(ConsolePages::redirect);
    router.getWithRegex("/console/").order(FIRST).handler(request -> send(request, PAGE));
    router
        .getWithRegex("/console/(?<file>[A-Za-z0-9_-]+\\.[a-z]+)")
        .order(FIRST)
        .handler(request -> send(request, request.pathParam("file")));
  }

  private static void redirect(RoutingContext request) {
    if (request.request().path().endsWith("/")) {
      request.next();
      return;
    }
    request.response().setStatusCode(308).putHeader("Location", "/console/").end();
  }

  private void send(RoutingContext request, String name) {
    Optional<StaticFile> found = file(name);
    if (found.isEmpty()) {
      request.next();
      return;
    }
    StaticFile file = found.get();
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Security-Policy", POLICY)
            .putHeader("Content-Type", TYPES.get(type(name)))
            .putHeader("ETag", file.tag())
            .putHeader("Vary", "Accept-Encoding")
            .putHeader(
                "Cache-Control",
                NAMED_BY_CONTENT.matcher(name).matches()
                    ? "public, max-age=31536000, immutable"
                    : "no-cache");
    if (file.tag().equals(request.request().getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    String accepted = request.request().getHeader("Accept-Encoding");
    boolean zip = accepted != null && accepted.contains("gzip");
    Buffer body = zip ? file.zipped() : file.plain();
    if (zip) {
      response.putHeader("Content-Encoding", "gzip");
    }
    response.end(body);
  }

  private Optional<StaticFile> file(String name) {
    return TYPES.containsKey(type(name))
        ? Optional.ofNullable(
            files.computeIfAbsent(name, each -> StaticFile.read(RESOURCES + each)))
        : Optional.empty();
  }

  private static String type(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
