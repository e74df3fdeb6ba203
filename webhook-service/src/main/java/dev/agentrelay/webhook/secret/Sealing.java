package dev.agentrelay.webhook.secret;

import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/**
 * Encrypts secrets that the database must not show but the check of a signature needs: AES-256-GCM,
 * nonce first, bound to the webhook they belong to.
 */
@ApplicationScoped
public class Sealing {
  private static final Logger LOG = Logger.getLogger(Sealing.class);
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String PURPOSE = "agent-relay webhook-secret encryption";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final SecretKeySpec key;

  Sealing(WebhookConfig config, InternalSecret internal) {
    this.key = keyFrom(config.sealingSecret().orElseGet(internal::value));
  }

  public byte[] seal(WebhookId webhook, String secret) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] closed =
          cipher(Cipher.ENCRYPT_MODE, webhook, nonce)
              .doFinal(secret.getBytes(StandardCharsets.UTF_8));
      byte[] sealed = Arrays.copyOf(nonce, NONCE + closed.length);
      System.arraycopy(closed, 0, sealed, NONCE, closed.length);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Empty when it was sealed under another secret, for another webhook, or changed since. */
  public Optional<String> open(WebhookId webhook, byte[] sealed) {
    byte[] nonce = Arrays.copyOf(sealed, NONCE);
    try {
      byte[] open =
          cipher(Cipher.DECRYPT_MODE, webhook, nonce).doFinal(sealed, NONCE, sealed.length - NONCE);
      return Optional.of(new String(open, StandardCharsets.UTF_8));
    } catch (AEADBadTagException foreign) {
      LOG.errorf(
          "a secret of webhook %s was encrypted under another relay.webhook.sealing-secret",
          webhook);
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, WebhookId webhook, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(webhook.value().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static SecretKeySpec keyFrom(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return new SecretKeySpec(mac.doFinal(PURPOSE.getBytes(StandardCharsets.UTF_8)), "AES");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
