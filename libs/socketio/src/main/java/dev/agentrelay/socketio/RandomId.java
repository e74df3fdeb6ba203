package dev.agentrelay.socketio;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable ids: 120 random bits as 20 URL-safe characters. */
final class RandomId {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private RandomId() {}

  static String next() {
    byte[] bits = new byte[15];
    RANDOM.nextBytes(bits);
    return ENCODER.encodeToString(bits);
  }
}
