package dev.agentrelay.tunnel.viewer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An app's cookies on the relay's origin: under names that are none of the relay's, and for the
 * tunnel's path only, so that the app gets its own back and nothing else (tunnel.md 3.5).
 */
final class AppCookies {
  /** What stands before the name of each cookie of an app in the browser. */
  static final String PREFIX = "tunnel.";

  private AppCookies() {}

  /** The app's cookies in a viewer's {@code Cookie} header, under their own names. */
  static String toApp(String header) {
    List<String> own = new ArrayList<>();
    for (String pair : header.split(";", -1)) {
      String cookie = pair.strip();
      if (cookie.startsWith(PREFIX) && cookie.indexOf('=') > PREFIX.length()) {
        own.add(cookie.substring(PREFIX.length()));
      }
    }
    return String.join("; ", own);
  }

  /** A {@code Set-Cookie} header as the viewer may have it; empty when it names no cookie. */
  static Optional<String> toViewer(String header, String base) {
    String[] parts = header.split(";", -1);
    if (parts[0].indexOf('=') <= 0) {
      return Optional.empty();
    }
    StringBuilder cookie = new StringBuilder(PREFIX).append(parts[0].strip());
    String path = base;
    for (int i = 1; i < parts.length; i++) {
      String attribute = parts[i].strip();
      String name = attribute.toLowerCase(Locale.ROOT);
      if (name.startsWith("path=/")) {
        String own = attribute.substring("path=".length());
        path = own.equals("/") ? base : isBelow(own, base) ? own : base + own;
      } else if (!name.startsWith("path") && !name.startsWith("domain") && !name.isEmpty()) {
        cookie.append("; ").append(attribute);
      }
    }
    return Optional.of(cookie.append("; Path=").append(path).toString());
  }

  /** An app that minds {@code X-Forwarded-Prefix} says its path in the tunnel itself. */
  private static boolean isBelow(String path, String base) {
    return path.equals(base) || path.startsWith(base + "/");
  }
}
