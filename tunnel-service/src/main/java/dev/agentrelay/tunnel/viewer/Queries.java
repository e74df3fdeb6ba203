package dev.agentrelay.tunnel.viewer;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Query strings, byte for byte: dev servers tell {@code ?raw} from {@code ?raw=}. */
final class Queries {
  private static final Set<String> CREDENTIALS = Set.of("apiKey", "tunnelToken");

  private Queries() {}

  /** The query, its question mark included, without the pairs that are ours. */
  static String withoutCredentials(String query) {
    String[] pairs = query.substring(1).split("&", -1);
    if (Arrays.stream(pairs).noneMatch(Queries::isCredential)) {
      return query;
    }
    String kept =
        Arrays.stream(pairs).filter(pair -> !isCredential(pair)).collect(Collectors.joining("&"));
    return kept.isEmpty() ? "" : "?" + kept;
  }

  private static boolean isCredential(String pair) {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    if (name.indexOf('%') < 0) {
      return CREDENTIALS.contains(name);
    }
    try {
      return CREDENTIALS.contains(URLDecoder.decode(name, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return false;
    }
  }
}
