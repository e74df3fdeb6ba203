package dev.agentrelay.push.vapid;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A P-256 key pair as operators and the database hold it: the uncompressed public point and the
 * private number, both in base64url.
 */
record KeyPairText(String publicKey, String privateKey) {
  private static final int COORDINATE = 32;
  private static final int POINT = 1 + 2 * COORDINATE;
  private static final byte UNCOMPRESSED = 4;

  /** Refuses what is no pair, because every notification would be refused later. */
  KeyPairText {
    try {
      byte[] sample = {1, 2, 3};
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(privateKey(privateKey));
      signer.update(sample);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey(publicKey));
      signer.update(sample);
      if (!signer.verify(signature)) {
        throw new IllegalArgumentException("the VAPID keys are not of one pair");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the VAPID keys are no P-256 keys", e);
    }
  }

  static KeyPairText generate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      ECPoint point = ((ECPublicKey) pair.getPublic()).getW();
      byte[] bytes = new byte[POINT];
      bytes[0] = UNCOMPRESSED;
      put(point.getAffineX(), bytes, 1);
      put(point.getAffineY(), bytes, 1 + COORDINATE);
      byte[] number = new byte[COORDINATE];
      put(((ECPrivateKey) pair.getPrivate()).getS(), number, 0);
      Base64.Encoder text = Base64.getUrlEncoder().withoutPadding();
      return new KeyPairText(text.encodeToString(bytes), text.encodeToString(number));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  ECPublicKey toPublicKey() {
    try {
      return publicKey(publicKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("was checked when made", e);
    }
  }

  ECPrivateKey toPrivateKey() {
    try {
      return privateKey(privateKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("was checked when made", e);
    }
  }

  @Override
  public String toString() {
    return "KeyPairText[publicKey=" + publicKey + "]";
  }

  private static ECPublicKey publicKey(String text) throws GeneralSecurityException {
    byte[] point = decode(text, POINT);
    if (point[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("the VAPID public key is no uncompressed point");
    }
    ECPoint w =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + COORDINATE)),
            new BigInteger(1, Arrays.copyOfRange(point, 1 + COORDINATE, POINT)));
    return (ECPublicKey)
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(w, curve()));
  }

  private static ECPrivateKey privateKey(String text) throws GeneralSecurityException {
    BigInteger number = new BigInteger(1, decode(text, COORDINATE));
    return (ECPrivateKey)
        KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number, curve()));
  }

  private static ECParameterSpec curve() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static byte[] decode(String text, int length) {
    byte[] bytes = Base64.getUrlDecoder().decode(text.strip());
    if (bytes.length != length) {
      throw new IllegalArgumentException(
          "a VAPID key has " + bytes.length + " bytes instead of " + length);
    }
    return bytes;
  }

  private static void put(BigInteger number, byte[] target, int offset) {
    byte[] bytes = number.toByteArray();
    int length = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - length, target, offset + COORDINATE - length, length);
  }
}
