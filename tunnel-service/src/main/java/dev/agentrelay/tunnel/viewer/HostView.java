package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.platform.http.SecurityHeaders;
import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import dev.agentrelay.tunnel.wire.RelayFrames.Opening;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import dev.agentrelay.tunnel.wire.RunnerFrame.Header;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A tunnel with an origin of its own: the app sees its viewer's own host and credentials, and
 * nothing in its answers is rewritten but what would lead away from it (tunnel.md 7).
 */
final class HostView implements TunnelView {
  private static final Set<String> FRAMING =
      Set.of("x-frame-options", "content-security-policy", "referrer-policy");
  private static final Set<String> TOLD_BY_THE_VIEWER =
      Set.of("forwarded", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-server");

  private static final Pattern LOOPBACK =
      Pattern.compile(
          "(?i)^https?://(127\\.0\\.0\\.1|localhost|\\[::1]|0\\.0\\.0\\.0)(:\\d+)?(?=[/?#]|$)");
  private static final Pattern DOMAIN = Pattern.compile("(?i);\\s*domain\\s*=[^;]*");

  private final int port;
  private final Seen seen;

  /**
   * Where a viewer sees the app.
   *
   * @param host what its {@code Host} header says
   * @param client its own address
   */
  record Seen(String host, String scheme, String client) {}

  HostView(int port, Seen seen) {
    this.port = port;
    this.seen = seen;
  }

  @Override
  public Opening opening(HttpServerRequest request, boolean upgrade) {
    Map<String, String> headers = HeaderRules.endToEnd(request.headers());
    headers.keySet().removeAll(TOLD_BY_THE_VIEWER);
    if (upgrade) {
      headers.keySet().removeIf(name -> name.startsWith("sec-websocket-"));
    }
    if (PathView.hasNoBody(request.method())) {
      headers.remove("content-length");
    }
    headers.put("x-forwarded-for", seen.client());
    headers.put("x-forwarded-host", seen.host());
    headers.put("x-forwarded-proto", seen.scheme());
    String uri = request.uri().startsWith("/") ? request.uri() : "/";
    return new Opening(port, uri, headers, true, seen.host());
  }

  @Override
  public void begin(RunnerFrame.ResponseStart start, HttpServerResponse response) {
    SecurityHeaders.remove(response);
    response.setStatusCode(start.status());
    Set<String> dropped = HeaderRules.hopByHop(start.headers());
    dropped.addAll(FRAMING);
    for (Header header : start.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      boolean passes =
          !dropped.contains(name)
              && HeaderRules.isName(name)
              && HeaderRules.isValue(header.value());
      if (passes) {
        response.headers().add(name, value(name, header.value()));
      }
    }
    response.putHeader("Referrer-Policy", "no-referrer");
  }

  private static String value(String name, String value) {
    return switch (name) {
      case "set-cookie" -> DOMAIN.matcher(value).replaceAll("");
      case "location" -> {
        String path = LOOPBACK.matcher(value).replaceFirst("");
        yield path.isEmpty() || "?#".indexOf(path.charAt(0)) >= 0 ? "/" + path : path;
      }
      default -> value;
    };
  }

  @Override
  public Optional<TunnelUrls> urls() {
    return Optional.empty();
  }
}
