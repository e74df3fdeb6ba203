package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.rewrite.BodyRewriter;
import dev.agentrelay.tunnel.rewrite.CssRewriter;
import dev.agentrelay.tunnel.rewrite.HtmlRewriter;
import dev.agentrelay.tunnel.rewrite.JsRewriter;
import dev.agentrelay.tunnel.rewrite.RuntimeScript;
import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what is rewritten and makes the headers fit (tunnel.md 4.1, 4.5). What is partial,
 * compressed or in a charset without ASCII stays as it is.
 */
final class Rewriting {
  private static final int OK = 200;
  private static final Set<Integer> WITHOUT_A_WHOLE_BODY = Set.of(204, 206, 304);
  private static final Set<String> SCRIPTS =
      Set.of("javascript", "ecmascript", "x-javascript", "typescript", "x-typescript");
  private static final String DESTINATION = "Sec-Fetch-Dest";
  private static final Set<String> WORKERS = Set.of("worker", "sharedworker", "serviceworker");
  private static final Set<String> WHOLE_DOCUMENTS =
      Set.of("document", "iframe", "frame", "embed", "object");
  private static final List<String> OF_THE_OLD_BYTES =
      List.of(
          "content-length",
          "content-encoding",
          "content-md5",
          "digest",
          "content-digest",
          "repr-digest",
          "accept-ranges");

  private Rewriting() {}

  /** The rewriter of an answer whose headers are set; empty when it passes untouched. */
  static Optional<BodyRewriter> begin(
      HttpServerRequest request, String url, Optional<TunnelUrls> urls) {
    HttpServerResponse response = request.response();
    String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
    if (urls.isEmpty() || type == null || !isWholeAndPlain(response, type)) {
      return Optional.empty();
    }
    Optional<BodyRewriter> rewriter =
        rewriter(request, type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT), url, urls.get());
    if (rewriter.isPresent() && !request.method().name().equals("HEAD")) {
      OF_THE_OLD_BYTES.forEach(response.headers()::remove);
      ETags.weaken(response.headers());
      response.headers().add(HttpHeaders.VARY, DESTINATION);
    }
    return rewriter;
  }

  private static boolean isWholeAndPlain(HttpServerResponse response, String type) {
    int status = response.getStatusCode();
    String encoding = response.headers().get(HttpHeaders.CONTENT_ENCODING);
    String parameters = type.toLowerCase(Locale.ROOT);
    return status >= OK
        && !WITHOUT_A_WHOLE_BODY.contains(status)
        && (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity"))
        && !parameters.contains("utf-16")
        && !parameters.contains("utf-32")
        && !parameters.contains("ucs-2");
  }

  private static Optional<BodyRewriter> rewriter(
      HttpServerRequest request, String type, String url, TunnelUrls urls) {
    if (type.equals("text/html")) {
      return Optional.of(html(request, url, urls));
    }
    if (type.equals("application/xhtml+xml")) {
      return Optional.of(HtmlRewriter.ofFragment(urls)); // an inline script would have to be XML
    }
    if (type.equals("text/css")) {
      return Optional.of(new CssRewriter(urls));
    }
    int slash = type.indexOf('/');
    boolean script =
        (type.startsWith("application/") || type.startsWith("text/"))
            && SCRIPTS.contains(type.substring(slash + 1));
    return script ? Optional.of(script(request, urls)) : Optional.empty();
  }

  private static BodyRewriter script(HttpServerRequest request, TunnelUrls urls) {
    String destination = request.getHeader(DESTINATION);
    return destination != null && WORKERS.contains(destination)
        ? JsRewriter.ofWorker(urls, RuntimeScript.of(urls))
        : new JsRewriter(urls);
  }

  private static BodyRewriter html(HttpServerRequest request, String url, TunnelUrls urls) {
    String destination = request.getHeader(DESTINATION);
    if (destination != null && !WHOLE_DOCUMENTS.contains(destination)) {
      return HtmlRewriter.ofFragment(urls); // a script asked for markup to put into its page
    }
    String script = RuntimeScript.of(urls);
    @Nullable String nonce = ContentPolicy.admit(request.response().headers(), script);
    return HtmlRewriter.ofDocument(urls, urls.directoryOf(url), script, nonce);
  }
}
