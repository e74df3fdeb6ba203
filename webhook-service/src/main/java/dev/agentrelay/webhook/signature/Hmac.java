package dev.agentrelay.webhook.signature;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 over raw bytes, compared in constant time. */
final class Hmac {
  private static final String NAME = "HmacSHA256";

  private Hmac() {}

  /** Lower-case hexadecimal signature of the prefix and the body, by a key that is text. */
  static String hex(String key, String prefix, byte[] body) {
    return HexFormat.of().formatHex(sign(utf8(key), prefix, body));
  }

  static String base64(byte[] key, String prefix, byte[] body) {
    return Base64.getEncoder().encodeToString(sign(key, prefix, body));
  }

  /** Whether one of the presented signatures is the expected one of one of the keys. */
  static <K> boolean matches(List<K> keys, List<String> presented, Function<K, String> expected) {
    boolean found = false;
    for (K key : keys) {
      byte[] wanted = utf8(expected.apply(key));
      for (String each : presented) {
        // All are compared, so that the time tells nothing.
        found |= MessageDigest.isEqual(wanted, utf8(each));
      }
    }
    return found;
  }

  private static byte[] sign(byte[] key, String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance(NAME);
      mac.init(new SecretKeySpec(key, NAME));
      mac.update(utf8(prefix));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
