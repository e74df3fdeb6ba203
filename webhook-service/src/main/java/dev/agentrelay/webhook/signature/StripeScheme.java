package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.http.JsonBody;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Stripe signs time and body in one header, several times while its secret changes. */
record StripeScheme() implements Scheme {
  private static final String SIGNATURE = "Stripe-Signature";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(SIGNATURE) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String header = request.header(SIGNATURE);
    List<String> times = header == null ? List.of() : parts(header, "t=");
    if (header == null || times.size() != 1) {
      throw SignatureRefused.invalid();
    }
    String timestamp = times.getFirst();
    SignedTime.checkSeconds(timestamp, SIGNATURE, now);
    String prefix = timestamp + ".";
    if (!Hmac.matches(
        keys.all(), parts(header, "v1="), key -> Hmac.hex(key, prefix, request.body()))) {
      throw SignatureRefused.invalid();
    }
    return new Proof(SchemeName.STRIPE.text(), null);
  }

  @Override
  public @Nullable String deliveryId(SignedRequest request, ObjectNode body) {
    return JsonBody.text(body, "id");
  }

  private static List<String> parts(String header, String name) {
    return Stream.of(header.split(","))
        .map(String::strip)
        .filter(part -> part.startsWith(name))
        .map(part -> part.substring(name.length()))
        .toList();
  }
}
