package dev.agentrelay.webhook.signature;

import java.time.Instant;
import java.util.List;

/**
 * The relay's own signature, plain or stamped (rest.md 6.2). The key is the text of the webhook's
 * secret, prefix included.
 */
public record RelayScheme() implements Scheme {
  public static final String SIGNATURE = "X-Webhook-Signature";
  public static final String TIMESTAMP = "X-Webhook-Timestamp";
  public static final String NONCE = "X-Webhook-Nonce";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(SIGNATURE) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String signature = request.header(SIGNATURE);
    if (signature == null) {
      throw missing();
    }
    String timestamp = request.header(TIMESTAMP);
    String nonceHeader = request.header(NONCE);
    if (timestamp == null || nonceHeader == null) {
      check(request, keys, signature, "");
      return new Proof("plain", null);
    }
    SignedTime.checkDate(timestamp, now);
    String nonce = nonceHeader.strip();
    if (nonce.isEmpty()) {
      throw new SignatureRefused("Missing " + NONCE + " header");
    }
    check(request, keys, signature, timestamp + "." + nonce + ".");
    return new Proof("stamped", nonce);
  }

  /** A request with no signature that its webhook knows. */
  public static SignatureRefused missing() {
    return new SignatureRefused("Missing " + SIGNATURE + " header");
  }

  /** The signature that a sender with this secret sends. */
  public static String sign(String secret, String timestamp, String nonce, byte[] body) {
    return Hmac.hex(secret, timestamp + "." + nonce + ".", body);
  }

  private static void check(
      SignedRequest request, SigningKeys keys, String signature, String prefix) {
    if (!Hmac.matches(
        keys.own(), List.of(signature), key -> Hmac.hex(key, prefix, request.body()))) {
      throw SignatureRefused.invalid();
    }
  }
}
