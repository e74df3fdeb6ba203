package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.tunnel.wire.RunnerFrame.Header;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which headers may cross a tunnel at all, whatever its kind (tunnel.md 3.4, 3.5). */
final class HeaderRules {
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "proxy-authorization",
          "proxy-authenticate",
          "proxy-connection",
          "http2-settings");

  /** The relay's own, and what it does itself. */
  private static final Set<String> NEVER_TO_THE_APP =
      Set.of("host", "expect", "x-pizzapi-client-ip", InternalSecret.HEADER);

  private HeaderRules() {}

  /**
   * A viewer's end-to-end headers by lower-case name, repeated ones joined.
   *
   * @throws RelayException when one could not be sent: the runner would never answer (2.9)
   */
  static Map<String, String> endToEnd(MultiMap from) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    dropped.addAll(NEVER_TO_THE_APP);
    from.getAll(HttpHeaders.CONNECTION).forEach(value -> dropped.addAll(namesIn(value)));
    Map<String, String> to = new LinkedHashMap<>();
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!dropped.contains(name)) {
        if (!isName(name) || !isValue(header.getValue())) {
          throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid header");
        }
        to.merge(name, header.getValue(), (a, b) -> a + (name.equals("cookie") ? "; " : ", ") + b);
      }
    }
    return to;
  }

  /** Which of an app's headers end at the relay, as a set to be added to. */
  static Set<String> hopByHop(List<Header> headers) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    headers.stream()
        .filter(header -> header.name().equalsIgnoreCase("connection"))
        .forEach(header -> dropped.addAll(namesIn(header.value())));
    return dropped;
  }

  /** The header names in a {@code Connection} header. */
  private static Set<String> namesIn(String connection) {
    Set<String> names = new HashSet<>();
    Arrays.stream(connection.split(",", -1))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .forEach(names::add);
    return names;
  }

  /** Whether this is a token of RFC 9110. */
  static boolean isName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> c > 0x20 && c < 0x7f && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
  }

  /** Whether this can stand in a header without ending it, in Latin-1. */
  static boolean isValue(String value) {
    return value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff));
  }
}
