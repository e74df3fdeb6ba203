package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.http.JsonBody;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Slack signs time and body, and asks once whether the address is the right one. */
record SlackScheme() implements Scheme {
  private static final String SIGNATURE = "X-Slack-Signature";
  private static final String TIMESTAMP = "X-Slack-Request-Timestamp";
  private static final String VERSION = "v0";

  @Override
  public boolean isIn(SignedRequest request) {
    return request.header(SIGNATURE) != null;
  }

  @Override
  public Proof verify(SignedRequest request, SigningKeys keys, Instant now) {
    String signature = request.header(SIGNATURE);
    String timestamp = request.header(TIMESTAMP);
    if (signature == null || timestamp == null) {
      throw SignatureRefused.invalid();
    }
    SignedTime.checkSeconds(timestamp, TIMESTAMP, now);
    String prefix = VERSION + ":" + timestamp + ":";
    if (!Hmac.matches(
        keys.all(),
        List.of(signature),
        key -> VERSION + "=" + Hmac.hex(key, prefix, request.body()))) {
      throw SignatureRefused.invalid();
    }
    return new Proof(SchemeName.SLACK.text(), null);
  }

  @Override
  public @Nullable String deliveryId(SignedRequest request, ObjectNode body) {
    return JsonBody.text(body, "event_id");
  }

  /** The type of the event inside the envelope, where there is one. */
  @Override
  public String eventType(SignedRequest request, ObjectNode body) {
    JsonNode inner = body.path("event").get("type");
    return Scheme.textOr(inner == null ? body.get("type") : inner, NO_TYPE);
  }

  @Override
  public Optional<String> challenge(ObjectNode body) {
    return "url_verification".equals(JsonBody.text(body, "type"))
        ? Optional.ofNullable(JsonBody.text(body, "challenge"))
        : Optional.empty();
  }
}
