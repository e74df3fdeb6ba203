package dev.agentrelay.trigger.delivery;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Tells a request that is repeated from another one. */
final class Fingerprint {
  private Fingerprint() {}

  /** Unpadded base64url of SHA-256 over who asks and what was sent. */
  static String of(String caller, @Nullable String body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(caller.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      if (body != null) {
        digest.update(body.getBytes(StandardCharsets.UTF_8));
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
