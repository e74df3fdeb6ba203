package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.platform.http.SecurityHeaders;
import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import dev.agentrelay.tunnel.wire.RelayFrames.Opening;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import dev.agentrelay.tunnel.wire.RunnerFrame.Header;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tunnel below a path of the relay's own origin: the app must neither see the relay's credentials
 * nor change anything outside its path (tunnel.md 3.4 to 3.6).
 */
final class PathView implements TunnelView {
  private static final Set<String> NOT_FOR_THE_APP =
      Set.of(
          "accept-encoding",
          "authorization",
          "x-api-key",
          "cookie",
          "referer",
          "forwarded",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-prefix",
          "x-forwarded-proto",
          "x-forwarded-server");

  /** They act on the relay's whole origin, or tell of it what is not true. */
  private static final Set<String> NOT_FOR_THE_ORIGIN =
      Set.of(
          "service-worker-allowed",
          "clear-site-data",
          "strict-transport-security",
          "public-key-pins",
          "nel",
          "report-to",
          "reporting-endpoints",
          "alt-svc",
          "origin-agent-cluster",
          "authorization",
          "x-api-key",
          "cookie",
          "x-frame-options",
          "referrer-policy",
          "permissions-policy",
          "x-content-type-options",
          "x-xss-protection",
          "access-control-allow-credentials");

  private static final Set<String> ADDRESSES =
      Set.of("location", "content-location", "sourcemap", "x-sourcemap");

  private final TunnelUrls urls;
  private final String url;
  private final boolean byToken;
  private final String clientAddress;
  private final String permissionsPolicy;

  PathView(
      TunnelUrls urls,
      String url,
      boolean byToken,
      String clientAddress,
      String permissionsPolicy) {
    this.urls = urls;
    this.url = url;
    this.byToken = byToken;
    this.clientAddress = clientAddress;
    this.permissionsPolicy = permissionsPolicy;
  }

  @Override
  public Opening opening(HttpServerRequest request, boolean upgrade) {
    Map<String, String> headers = HeaderRules.endToEnd(request.headers());
    String cookies = AppCookies.toApp(headers.getOrDefault("cookie", ""));
    headers.keySet().removeAll(NOT_FOR_THE_APP);
    if (upgrade) {
      headers.keySet().removeIf(name -> name.startsWith("sec-websocket-"));
    }
    if (hasNoBody(request.method())) {
      headers.remove("content-length");
    }
    if (!cookies.isEmpty()) {
      headers.put("cookie", cookies);
    }
    headers.computeIfPresent("if-none-match", (name, tags) -> ETags.toApp(tags));
    String origin = headers.get("origin");
    if (origin != null && urls.ownOrigins().contains(origin.toLowerCase(Locale.ROOT))) {
      headers.put("origin", "http://127.0.0.1:" + urls.port());
    }
    headers.put("x-forwarded-for", clientAddress);
    if (!byToken) { // the token is in the path, and no credential of the relay is the app's
      headers.put("x-forwarded-prefix", urls.base());
    }
    return new Opening(urls.port(), url, headers, !cookies.isEmpty(), null);
  }

  static boolean hasNoBody(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  @Override
  public void begin(RunnerFrame.ResponseStart start, HttpServerResponse response) {
    SecurityHeaders.remove(response);
    response.setStatusCode(start.status());
    Set<String> dropped = HeaderRules.hopByHop(start.headers());
    dropped.addAll(NOT_FOR_THE_ORIGIN);
    for (Header header : start.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!dropped.contains(name)
          && HeaderRules.isName(name)
          && HeaderRules.isValue(header.value())) {
        add(name, header.value(), response);
      }
    }
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-XSS-Protection", "0")
        .putHeader("Permissions-Policy", permissionsPolicy);
    if (byToken) {
      response.headers().remove("content-security-policy");
      response.putHeader("Referrer-Policy", "no-referrer");
    } else {
      // With no-referrer, forms of the app would be posted with "Origin: null" and be refused.
      response.putHeader("Referrer-Policy", "same-origin");
      response.putHeader("X-Frame-Options", "SAMEORIGIN");
    }
  }

  private void add(String name, String value, HttpServerResponse response) {
    if (ADDRESSES.contains(name)) {
      String mapped = urls.mapped(value);
      response.putHeader(name, mapped == null ? value : mapped);
    } else if (name.equals("set-cookie")) {
      AppCookies.toViewer(value, urls.base())
          .ifPresent(cookie -> response.headers().add(HttpHeaders.SET_COOKIE, cookie));
    } else if (name.equals("refresh")) {
      response.putHeader(name, Refreshes.mapped(value, urls));
    } else if (name.equals("link")) {
      response.headers().add(name, Refreshes.mappedLinks(value, urls));
    } else {
      response.headers().add(name, value);
    }
  }

  @Override
  public Optional<TunnelUrls> urls() {
    return Optional.of(urls);
  }
}
