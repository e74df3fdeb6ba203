package dev.agentrelay.auth.secret;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.RandomText;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that the service keeps from everybody. */
@Startup
@ApplicationScoped
public class AuthSecret {
  private static final int SHORTEST = 32;
  private static final String HMAC = "HmacSHA256";

  private final byte[] secret;

  AuthSecret(AuthConfig config, LaunchMode mode) {
    String text = config.secret().orElse("");
    if (text.isEmpty() && mode != LaunchMode.NORMAL) {
      text = RandomText.of(RandomText.LETTERS_AND_DIGITS, SHORTEST);
    }
    if (text.length() < SHORTEST) {
      throw new IllegalStateException(
          "relay.auth.secret (RELAY_AUTH_SECRET) must be set to at least 32 characters");
    }
    this.secret = text.getBytes(StandardCharsets.UTF_8);
  }

  /** HMAC-SHA256 of the text under the secret. */
  public byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
