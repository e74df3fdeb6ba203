package dev.agentrelay.testkit.identity;

import dev.agentrelay.contracts.UserId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;

/** Signs identities with ES256, as auth-service does. */
final class TokenSigner {
  private static final int COORDINATE_BYTES = 32;

  private final String keyId = UUID.randomUUID().toString();
  private final KeyPair keys;

  TokenSigner() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  String sign(UserId user, String userName, Instant expiresAt) {
    String header = encode(Map.of("alg", "ES256", "typ", "JWT", "kid", keyId));
    String claims =
        encode(
            Map.of(
                "iss",
                "agent-relay-auth",
                "aud",
                "agent-relay",
                "sub",
                user.value(),
                "name",
                userName,
                "iat",
                Instant.now().getEpochSecond(),
                "exp",
                expiresAt.getEpochSecond()));
    String signed = header + "." + claims;
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK signs ES256", e);
    }
  }

  /** The public key as a JWK. */
  JSONObject publicKey() {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    return new JSONObject(
        Map.of(
            "kty", "EC",
            "crv", "P-256",
            "alg", "ES256",
            "use", "sig",
            "kid", keyId,
            "x", coordinate(key.getW().getAffineX()),
            "y", coordinate(key.getW().getAffineY())));
  }

  private static String encode(Map<String, Object> json) {
    return base64(new JSONObject(json).toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String coordinate(BigInteger value) {
    byte[] signed = value.toByteArray();
    byte[] fixed = new byte[COORDINATE_BYTES];
    int length = Math.min(signed.length, COORDINATE_BYTES);
    System.arraycopy(signed, signed.length - length, fixed, COORDINATE_BYTES - length, length);
    return base64(fixed);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
