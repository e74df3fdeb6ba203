package dev.agentrelay.auth.secret;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.RandomText;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/** The secret that the service keeps from everybody, and those it had before. */
@Startup
@ApplicationScoped
public class AuthSecret {
  private static final Logger LOG = Logger.getLogger(AuthSecret.class);
  private static final int LONG_ENOUGH = 32;
  private static final String HMAC = "HmacSHA256";

  /** The current one first. */
  private final List<byte[]> secrets;

  public AuthSecret(AuthConfig config, LaunchMode mode) {
    String current =
        config
            .secret()
            .filter(secret -> !secret.isEmpty())
            .or(() -> config.secretFile().map(SecretFile::readOrCreate))
            .orElseGet(() -> mode == LaunchMode.NORMAL ? "" : RandomText.of(LONG_ENOUGH));
    if (current.isBlank()) {
      throw new IllegalStateException(
          "relay.auth.secret (RELAY_AUTH_SECRET or BETTER_AUTH_SECRET) must be set, to at least 32"
              + " characters, or relay.auth.secret-file must say where one is kept");
    }
    if (current.length() < LONG_ENOUGH) {
      // The original took it too, and refusing it would sign everybody out who comes from there.
      LOG.warn("relay.auth.secret has less than 32 characters and could be guessed: exchange it");
    }
    this.secrets =
        Stream.concat(Stream.of(current), config.previousSecrets().stream().flatMap(List::stream))
            .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
            .toList();
  }

  /** HMAC-SHA256 of the text under the current secret. */
  public byte[] hmac(String text) {
    return hmac(secrets.getFirst(), text);
  }

  /** HMAC-SHA256 of the text under each secret that is accepted, the current one first. */
  public List<byte[]> acceptedHmacs(String text) {
    return secrets.stream().map(secret -> hmac(secret, text)).toList();
  }

  private static byte[] hmac(byte[] secret, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
