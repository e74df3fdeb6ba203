package dev.agentrelay.tunnel.viewer;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An app's own Content-Security-Policy with room for what the relay puts into its pages (tunnel.md
 * 3.5): the base address, the runtime script, and being shown in the relay's frame.
 */
final class ContentPolicy {
  private static final String HEADER = "content-security-policy";

  private ContentPolicy() {}

  /**
   * Changes the policies among the headers so that the inline script may run.
   *
   * @return the nonce that the script must carry; {@code null} when it needs none
   */
  static @Nullable String admit(MultiMap headers, String script) {
    List<String> policies = headers.getAll(HEADER);
    if (policies.isEmpty()) {
      return null;
    }
    List<String> admitted = new ArrayList<>();
    String nonce = null;
    for (String header : policies) {
      for (String policy : header.split(",", -1)) {
        Map<String, String> directives = parse(policy);
        directives.remove("base-uri");
        directives.remove("frame-ancestors");
        String found = admit(directives, script);
        nonce = found == null ? nonce : found;
        if (!directives.isEmpty()) {
          admitted.add(text(directives));
        }
      }
    }
    headers.remove(HEADER);
    if (!admitted.isEmpty()) {
      headers.set(HEADER, String.join(", ", admitted));
    }
    return nonce;
  }

  private static @Nullable String admit(Map<String, String> directives, String script) {
    String governing =
        directives.containsKey("script-src-elem")
            ? "script-src-elem"
            : directives.containsKey("script-src") ? "script-src" : "default-src";
    String sources = directives.get(governing);
    if (sources == null) {
      return null;
    }
    boolean listed = false;
    for (String source : sources.split("\\s+", -1)) {
      if (source.startsWith("'nonce-") && source.endsWith("'")) {
        return source.substring("'nonce-".length(), source.length() - 1);
      }
      listed |= source.startsWith("'sha") || source.equals("'strict-dynamic'");
    }
    if (!listed && sources.contains("'unsafe-inline'")) {
      return null; // a hash beside it would forbid every other inline script
    }
    String added = sources.equals("'none'") || sources.isEmpty() ? "" : sources + " ";
    directives.put(
        governing.equals("default-src") ? "script-src" : governing, added + hash(script));
    return null;
  }

  private static String hash(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Map<String, String> parse(String policy) {
    Map<String, String> directives = new LinkedHashMap<>();
    for (String directive : policy.split(";", -1)) {
      String[] parts = directive.strip().split("\\s+", 2);
      if (!parts[0].isEmpty()) {
        directives.putIfAbsent(
            parts[0].toLowerCase(Locale.ROOT), parts.length > 1 ? parts[1].strip() : "");
      }
    }
    return directives;
  }

  private static String text(Map<String, String> directives) {
    List<String> parts = new ArrayList<>();
    directives.forEach((name, value) -> parts.add(value.isEmpty() ? name : name + " " + value));
    return String.join("; ", parts);
  }
}
