package dev.agentrelay.local.edge;

import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Response headers that keep a page to itself (contract rest.md section 1.9). */
final class ContentPolicy {
  private static final Pattern INLINE_SCRIPT =
      Pattern.compile("<script(?![^>]*\\bsrc=)[^>]*>(.*?)</script>", Pattern.DOTALL);

  private ContentPolicy() {}

  /** The policy of a web UI; inline scripts that are in its page now are allowed by their hash. */
  static String forPage(String html) {
    StringBuilder scripts = new StringBuilder("'self' 'wasm-unsafe-eval'");
    Matcher script = INLINE_SCRIPT.matcher(html);
    while (script.find()) {
      scripts.append(" 'sha256-").append(hash(script.group(1))).append('\'');
    }
    return "default-src 'self'; script-src "
        + scripts
        + "; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data:"
        + " blob:; connect-src 'self' ws: wss: blob:; font-src 'self' data:; object-src 'none';"
        + " base-uri 'self'; form-action 'self'; frame-src 'self' http://*."
        + TunnelHosts.DOMAIN
        + ":*";
  }

  static void addCommonHeaders(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-XSS-Protection", "0")
        .putHeader("Referrer-Policy", "strict-origin-when-cross-origin")
        .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        .putHeader("X-Frame-Options", "DENY");
  }

  private static String hash(String script) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
