package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The addresses inside {@code Refresh} and {@code Link} headers. */
final class Refreshes {
  private static final Pattern REFRESH = Pattern.compile("(?i)^(\\s*[\\d.]+\\s*[;,]\\s*url=)(.*)$");
  private static final Pattern LINK = Pattern.compile("<([^>]*)>");

  private Refreshes() {}

  static String mapped(String refresh, TunnelUrls urls) {
    Matcher matcher = REFRESH.matcher(refresh);
    String mapped = matcher.matches() ? urls.mapped(matcher.group(2)) : null;
    return mapped == null ? refresh : matcher.group(1) + mapped;
  }

  static String mappedLinks(String links, TunnelUrls urls) {
    return LINK.matcher(links)
        .replaceAll(
            link -> {
              String mapped = urls.mapped(link.group(1));
              return Matcher.quoteReplacement(mapped == null ? link.group() : "<" + mapped + ">");
            });
  }
}
