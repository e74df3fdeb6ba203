package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** GitHub signs the body and names event and delivery in headers. */
record GitHubScheme() implements Scheme {
  private static final String SIGNATURE = "X-Hub-Signature-256";
  private static final String PREFIX = "sha256=";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(SIGNATURE) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String signature = request.header(SIGNATURE);
    if (signature == null
        || !Hmac.matches(
            keys.all(), List.of(signature), key -> PREFIX + Hmac.hex(key, "", request.body()))) {
      throw SignatureRefused.invalid();
    }
    return new Proof(SchemeName.GITHUB.text(), null);
  }

  @Override
  public @Nullable String deliveryId(SignedRequest request, ObjectNode body) {
    return request.header("X-GitHub-Delivery");
  }

  @Override
  public String eventType(SignedRequest request, ObjectNode body) {
    String event = request.header("X-GitHub-Event");
    return event == null ? NO_TYPE : event;
  }
}
