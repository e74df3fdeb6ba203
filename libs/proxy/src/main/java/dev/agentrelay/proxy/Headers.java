package dev.agentrelay.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers cross a hop (RFC 9110 section 7.6.1) and which are added there. */
final class Headers {
  private static final String FORWARDED_FOR = "X-Forwarded-For";
  private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
  private static final String FORWARDED_HOST = "X-Forwarded-Host";

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private Headers() {}

  static void copyEndToEnd(MultiMap from, MultiMap to) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    for (String value : from.getAll(HttpHeaders.CONNECTION)) {
      Arrays.stream(value.split(","))
          .map(name -> name.trim().toLowerCase(Locale.ROOT))
          .forEach(dropped::add);
    }
    for (Map.Entry<String, String> header : from) {
      if (!dropped.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  static void forward(HttpServerRequest request, MultiMap to, ForwardedHeaders policy) {
    SocketAddress peer = request.remoteAddress();
    String address = peer == null || peer.hostAddress() == null ? "unknown" : peer.hostAddress();
    String chain = to.get(FORWARDED_FOR);
    switch (policy) {
      case REPLACE -> {
        to.remove("Forwarded");
        to.set(FORWARDED_FOR, address);
        to.remove(FORWARDED_PROTO);
        to.remove(FORWARDED_HOST);
      }
      case APPEND -> {
        String before = String.join(", ", to.getAll(FORWARDED_FOR));
        to.set(FORWARDED_FOR, before.isEmpty() ? address : before + ", " + address);
      }
      case KEEP -> {
        if (chain == null) {
          to.set(FORWARDED_FOR, address);
        }
      }
    }
    if (!to.contains(FORWARDED_PROTO)) {
      to.set(FORWARDED_PROTO, request.isSSL() ? "https" : "http");
    }
    String host = to.get(HttpHeaders.HOST);
    if (!to.contains(FORWARDED_HOST) && host != null) {
      to.set(FORWARDED_HOST, host);
    }
  }

  /** Only WebSockets: any other offer may be passed over (RFC 9110, 7.8), and HTTP/2's is. */
  static boolean isUpgrade(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)
        && request.headers().getAll(HttpHeaders.CONNECTION).stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .anyMatch(token -> token.trim().equalsIgnoreCase("upgrade"));
  }
}
