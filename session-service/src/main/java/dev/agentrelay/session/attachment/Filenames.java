package dev.agentrelay.session.attachment;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What becomes of the names that people, and others, give to files (rest.md 5.2). */
final class Filenames {
  private static final int LONGEST = 255;
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1F\\x7F]");

  private Filenames() {}

  /** The name as it is kept: no control characters, no half characters, at most 255 of them. */
  static String stored(String name) {
    String clean = CONTROL.matcher(name).replaceAll("_");
    int length = clean.codePointCount(0, clean.length());
    String bounded =
        length <= LONGEST ? clean : clean.substring(0, clean.offsetByCodePoints(0, LONGEST));
    // A surrogate without its other half cannot be written as UTF-8.
    return new String(bounded.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** {@code inline; filename="…"; filename*=UTF-8''…}. */
  static String disposition(String kind, String name) {
    String ascii = name.replaceAll("[^\\x20-\\x7E]", "_").replace('"', '_').replace('\\', '_');
    return kind + "; filename=\"" + ascii + "\"; filename*=UTF-8''" + percentEncoded(name);
  }

  /** Everything but letters, digits and {@code - . _ ~ !} as percent signs and UTF-8. */
  static String percentEncoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~")
        .replace("%21", "!");
  }
}
