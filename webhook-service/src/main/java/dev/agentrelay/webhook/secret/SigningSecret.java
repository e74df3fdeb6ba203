package dev.agentrelay.webhook.secret;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes the secrets that senders sign with: {@code whsec_} and base64 of 32 random bytes. */
public final class SigningSecret {
  public static final String PREFIX = "whsec_";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SigningSecret() {}

  public static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }
}
