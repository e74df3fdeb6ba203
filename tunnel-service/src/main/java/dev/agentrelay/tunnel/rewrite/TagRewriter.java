package dev.agentrelay.tunnel.rewrite;

import dev.agentrelay.tunnel.rewrite.TagScanner.Attribute;
import dev.agentrelay.tunnel.rewrite.TagScanner.Tag;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rewrites the addresses in one tag; all else in it stays byte for byte. */
final class TagRewriter {
  private static final Pattern REFRESH =
      Pattern.compile("(?i)^(\\s*[\\d.]*\\s*[;,]?\\s*url=\\s*)(.*)$");

  private final TunnelUrls urls;

  TagRewriter(TunnelUrls urls) {
    this.urls = urls;
  }

  void write(Tag tag, Bytes out) {
    Bytes bytes = tag.bytes();
    int copied = 0;
    for (Attribute attribute : tag.attributes()) {
      if (attribute.name().equals("integrity") && isOurs(tag)) {
        // It would not fit what is rewritten.
        out.add(bytes.text(copied, attribute.nameStart()));
        copied = attribute.end();
      } else if (attribute.valueEnd() > attribute.valueStart()) {
        String changed = changed(tag, attribute);
        if (changed != null) {
          out.add(bytes.text(copied, attribute.valueStart()));
          out.add(changed);
          copied = attribute.valueEnd();
        }
      }
    }
    out.add(bytes.text(copied, bytes.length()));
  }

  private boolean isOurs(Tag tag) {
    String address = tag.value(tag.name().equals("link") ? "href" : "src");
    return address != null && urls.isOfApp(address);
  }

  private @Nullable String changed(Tag tag, Attribute attribute) {
    String value = tag.value(attribute);
    return switch (attribute.name()) {
      case "src", "href", "xlink:href", "action", "formaction", "poster", "background", "ping" ->
          address(value);
      case "data" -> tag.name().equals("object") ? address(value) : null;
      case "manifest" -> tag.name().equals("html") ? address(value) : null;
      case "srcset", "imagesrcset" -> candidates(value);
      case "style" -> value.contains("(") ? CssRewriter.rewrite(value, urls) : null;
      case "content" -> isRefresh(tag) ? refresh(value) : null;
      default -> null;
    };
  }

  private @Nullable String address(String value) {
    String stripped = value.stripLeading();
    String mapped = urls.mapped(stripped);
    return mapped == null ? null : value.substring(0, value.length() - stripped.length()) + mapped;
  }

  private static boolean isRefresh(Tag tag) {
    String kind = tag.value("http-equiv");
    return tag.name().equals("meta") && kind != null && kind.strip().equalsIgnoreCase("refresh");
  }

  private @Nullable String refresh(String value) {
    Matcher matcher = REFRESH.matcher(value);
    String mapped = matcher.matches() ? urls.mapped(matcher.group(2)) : null;
    return mapped == null ? null : matcher.group(1) + mapped;
  }

  /** The addresses of a list of images, each with a descriptor that may hold no comma. */
  private String candidates(String value) {
    StringBuilder changed = new StringBuilder();
    int at = 0;
    while (at < value.length()) {
      int start = at;
      while (start < value.length() && isSeparator(value.charAt(start))) {
        start++;
      }
      int end = start;
      while (end < value.length() && !Character.isWhitespace(value.charAt(end))) {
        end++;
      }
      boolean comma = end > start && value.charAt(end - 1) == ',';
      String mapped = urls.mapped(value.substring(start, end));
      changed
          .append(value, at, start)
          .append(mapped == null ? value.substring(start, end) : mapped);
      int next = comma ? end : value.indexOf(',', end);
      at = next < 0 ? value.length() : next;
      changed.append(value, end, at);
    }
    return changed.toString();
  }

  private static boolean isSeparator(char one) {
    return one == ',' || Character.isWhitespace(one);
  }
}
