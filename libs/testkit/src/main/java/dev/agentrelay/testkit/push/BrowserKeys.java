package dev.agentrelay.testkit.push;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a browser keeps for one subscription, and how it reads what comes (RFC 8188, RFC 8291). Made
 * from the standards alone, so that it finds mistakes of whoever encrypts.
 */
public final class BrowserKeys {
  private static final int POINT = 65;
  private static final int SALT = 16;
  private static final int TAG_BITS = 128;

  private final PrivateKey privateKey;
  private final byte[] publicPoint;
  private final byte[] secret;

  private BrowserKeys(PrivateKey privateKey, byte[] publicPoint, byte[] secret) {
    this.privateKey = privateKey;
    this.publicPoint = publicPoint;
    this.secret = secret;
  }

  /** Fresh keys. */
  public static BrowserKeys generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      byte[] secret = new byte[SALT];
      new SecureRandom().nextBytes(secret);
      return new BrowserKeys(
          pair.getPrivate(), point(((ECPublicKey) pair.getPublic()).getW()), secret);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** Known keys, all in base64url. */
  public static BrowserKeys of(String privateKey, String p256dh, String auth) {
    try {
      BigInteger number = new BigInteger(1, bytes(privateKey));
      PrivateKey key =
          KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number, curve()));
      return new BrowserKeys(key, bytes(p256dh), bytes(auth));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no P-256 keys", e);
    }
  }

  public String p256dh() {
    return text(publicPoint);
  }

  public String auth() {
    return text(secret);
  }

  /**
   * Reads a message of one record.
   *
   * @throws IllegalArgumentException when it was not encrypted for these keys
   */
  public String decrypt(byte[] message) {
    try {
      ByteBuffer in = ByteBuffer.wrap(message);
      byte[] salt = take(in, SALT);
      in.getInt();
      byte[] sender = take(in, in.get());
      byte[] sealed = take(in, in.remaining());
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(privateKey);
      agreement.doPhase(publicKey(sender), true);
      byte[] info = concat(ascii("WebPush: info\0"), publicPoint, sender);
      byte[] key = expand(hmac(secret, agreement.generateSecret()), info, 32);
      byte[] pseudoRandom = hmac(salt, key);
      byte[] content = expand(pseudoRandom, ascii("Content-Encoding: aes128gcm\0"), 16);
      byte[] nonce = expand(pseudoRandom, ascii("Content-Encoding: nonce\0"), 12);
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(content, "AES"),
          new GCMParameterSpec(TAG_BITS, nonce));
      return withoutPadding(cipher.doFinal(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the message is not for this browser", e);
    }
  }

  /** The last octet that is not zero ends the text; two marks the last record. */
  private static String withoutPadding(byte[] record) {
    int end = record.length - 1;
    while (end >= 0 && record[end] == 0) {
      end--;
    }
    if (end < 0 || record[end] != 2) {
      throw new IllegalArgumentException("the record has no end");
    }
    return new String(record, 0, end, StandardCharsets.UTF_8);
  }

  private static byte[] expand(byte[] key, byte[] info, int length)
      throws GeneralSecurityException {
    return Arrays.copyOf(hmac(key, concat(info, new byte[] {1})), length);
  }

  private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  static PublicKey publicKey(byte[] point) throws GeneralSecurityException {
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 33));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 33, POINT));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve()));
  }

  private static ECParameterSpec curve() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static byte[] point(ECPoint point) {
    byte[] bytes = new byte[POINT];
    bytes[0] = 4;
    put(point.getAffineX(), bytes, 33);
    put(point.getAffineY(), bytes, POINT);
    return bytes;
  }

  private static void put(BigInteger number, byte[] target, int end) {
    byte[] bytes = number.toByteArray();
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, target, end - length, length);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
