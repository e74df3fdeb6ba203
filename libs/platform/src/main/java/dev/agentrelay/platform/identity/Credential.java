package dev.agentrelay.platform.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a caller presents. Its text never reaches a log: {@code toString} tells the kind only. */
public sealed interface Credential {

  /** The secret itself. */
  String value();

  /**
   * Unpadded base64url of SHA-256 over {@link #value}: how a credential is cached, stored and
   * revoked.
   */
  default String hash() {
    return hash(value());
  }

  /** Unpadded base64url of SHA-256: the form in which secrets lie in stores. */
  static String hash(String secret) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The whole text of an API key, prefix included. */
  record ApiKey(String value) implements Credential {
    @Override
    public String toString() {
      return "ApiKey";
    }
  }

  /** The value of the login cookie, percent-decoded: {@code <token>.<signature>} (rest.md 2.2). */
  record SessionCookie(String value) implements Credential {
    @Override
    public String toString() {
      return "SessionCookie";
    }
  }
}
