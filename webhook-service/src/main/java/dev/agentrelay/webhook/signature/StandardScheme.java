package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.webhook.secret.SigningSecret;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Standard Webhooks convention: {@code v1} signatures over id, time and body, several in one
 * header while a sender changes its key. The key is what the secret's base64 stands for.
 */
record StandardScheme() implements Scheme {
  private static final String ID = "webhook-id";
  private static final String TIMESTAMP = "webhook-timestamp";
  private static final String SIGNATURE = "webhook-signature";
  private static final String VERSION = "v1,";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(SIGNATURE) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String id = required(request, ID);
    String timestamp = required(request, TIMESTAMP);
    SignedTime.checkSeconds(timestamp, TIMESTAMP, now);
    List<String> signatures =
        Stream.of(required(request, SIGNATURE).split(" "))
            .filter(each -> each.startsWith(VERSION))
            .map(each -> each.substring(VERSION.length()))
            .toList();
    String prefix = id + "." + timestamp + ".";
    List<byte[]> usable = keys.all().stream().flatMap(StandardScheme::keyBytes).toList();
    if (!Hmac.matches(usable, signatures, key -> Hmac.base64(key, prefix, request.body()))) {
      throw SignatureRefused.invalid();
    }
    return new Proof(SchemeName.STANDARD.text(), null);
  }

  @Override
  public @Nullable String deliveryId(SignedRequest request, ObjectNode body) {
    return request.header(ID);
  }

  private static String required(SignedRequest request, String header) {
    String value = request.header(header);
    if (value == null) {
      throw new SignatureRefused("Missing " + header + " header");
    }
    return value;
  }

  /** None for a sender's secret that is no base64: it can sign nothing here. */
  private static Stream<byte[]> keyBytes(String secret) {
    String encoded =
        secret.startsWith(SigningSecret.PREFIX)
            ? secret.substring(SigningSecret.PREFIX.length())
            : secret;
    try {
      byte[] key = Base64.getDecoder().decode(encoded);
      return key.length > 0 ? Stream.of(key) : Stream.empty();
    } catch (IllegalArgumentException noBase64) {
      return Stream.empty();
    }
  }
}
