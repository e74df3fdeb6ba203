package dev.agentrelay.local.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console from the class path: at {@code /console/}, and at {@code /} and the addresses
 * of sessions as well while no other web UI is given.
 */
public final class WebConsole implements Edge.Pages {
  private static final String RESOURCES = "/META-INF/resources/console/";
  private static final String PAGE = "index.html";
  private static final Pattern FILE = Pattern.compile("/console/([A-Za-z0-9_-]+\\.[a-z]+)");
  private static final Pattern SESSION = Pattern.compile("/session/[^/]+");
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

  private final Edge.@Nullable Pages elsewhere;
  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  private record StaticFile(Buffer plain, Buffer zipped, String tag) {}

  private WebConsole(Edge.@Nullable Pages elsewhere) {
    this.elsewhere = elsewhere;
  }

  /** The console is the relay's only page. */
  public static WebConsole alone() {
    return new WebConsole(null);
  }

  /**
   * The console lives below {@code /console/}.
   *
   * @param elsewhere what every other path shows
   */
  public static WebConsole beside(Edge.Pages elsewhere) {
    return new WebConsole(elsewhere);
  }

  @Override
  public void answer(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    if (path.equals("/console")) {
      request.response().setStatusCode(308).putHeader("Location", "/console/").end();
    } else if (path.equals("/console/")) {
      send(request, PAGE);
    } else if (path.startsWith("/console/")) {
      var file = FILE.matcher(path);
      send(request, file.matches() ? file.group(1) : "");
    } else if (elsewhere != null) {
      elsewhere.answer(request);
    } else {
      send(request, path.equals("/") || SESSION.matcher(path).matches() ? PAGE : "");
    }
  }

  private void send(HttpServerRequest request, String name) {
    Optional<StaticFile> found = file(name);
    if (found.isEmpty()) {
      Edge.notFound(request);
      return;
    }
    StaticFile file = found.get();
    HttpServerResponse response = request.response();
    ContentPolicy.addCommonHeaders(response);
    response
        .putHeader("Content-Security-Policy", POLICY)
        .putHeader("Content-Type", TYPES.get(name.substring(name.lastIndexOf('.') + 1)))
        .putHeader("ETag", file.tag())
        .putHeader("Vary", "Accept-Encoding")
        .putHeader(
            "Cache-Control",
            NAMED_BY_CONTENT.matcher(name).matches()
                ? "public, max-age=31536000, immutable"
                : "no-cache");
    if (file.tag().equals(request.getHeader("If-None-Match"))) {
      response.setStatusCode(304).end();
      return;
    }
    String accepted = request.getHeader("Accept-Encoding");
    boolean zip = accepted != null && accepted.contains("gzip");
    Buffer body = zip ? file.zipped() : file.plain();
    if (zip) {
      response.putHeader("Content-Encoding", "gzip");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  /** Kept once read; only what exists is kept, so the map has a bound. */
  private Optional<StaticFile> file(String name) {
    if (!TYPES.containsKey(name.substring(name.lastIndexOf('.') + 1))) {
      return Optional.empty();
    }
    return Optional.ofNullable(files.computeIfAbsent(name, WebConsole::read));
  }

  private static @Nullable StaticFile read(String name) {
    try (InputStream in = WebConsole.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        return null;
      }
      byte[] plain = in.readAllBytes();
      var zipped = new ByteArrayOutputStream();
      try (var gzip = new GZIPOutputStream(zipped)) {
        gzip.write(plain);
      }
      String tag = "\"" + plain.length + "-" + Integer.toHexString(Arrays.hashCode(plain)) + "\"";
      return new StaticFile(Buffer.buffer(plain), Buffer.buffer(zipped.toByteArray()), tag);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
