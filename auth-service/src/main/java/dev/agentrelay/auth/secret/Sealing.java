package dev.agentrelay.auth.secret;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what must not lie open in the database: AES-256-GCM, nonce first. */
@ApplicationScoped
public class Sealing {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String PURPOSE = "agent-relay signing-key encryption";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();

  /** The one to seal with first. */
  private final List<SecretKeySpec> keys;

  Sealing(AuthSecret secret) {
    this.keys =
        secret.acceptedHmacs(PURPOSE).stream().map(key -> new SecretKeySpec(key, "AES")).toList();
  }

  public byte[] seal(byte[] open) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] closed = cipher(Cipher.ENCRYPT_MODE, keys.getFirst(), nonce).doFinal(open);
      byte[] sealed = Arrays.copyOf(nonce, NONCE + closed.length);
      System.arraycopy(closed, 0, sealed, NONCE, closed.length);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Empty when it was sealed under a secret that is not accepted, or changed since. */
  public Optional<byte[]> open(byte[] sealed) {
    return keys.stream().flatMap(key -> open(key, sealed).stream()).findFirst();
  }

  private static Optional<byte[]> open(SecretKeySpec key, byte[] sealed) {
    byte[] nonce = Arrays.copyOf(sealed, NONCE);
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, NONCE, sealed.length - NONCE));
    } catch (GeneralSecurityException otherSecret) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
