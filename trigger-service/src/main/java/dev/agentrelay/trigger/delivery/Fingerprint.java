package dev.agentrelay.trigger.delivery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells a request that is repeated from another one. */
final class Fingerprint {
  private Fingerprint() {}

  /** Unpadded base64url of SHA-256 over who asks, for what, and what was sent. */
  static String of(@Nullable String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (int each = 0; each < parts.length; each++) {
        if (each > 0) {
          digest.update((byte) 0);
        }
        digest.update(String.valueOf(parts[each]).getBytes(StandardCharsets.UTF_8));
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
