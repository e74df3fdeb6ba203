package dev.agentrelay.webhook.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One convention by which senders sign and name what they send. */
public sealed interface Scheme
    permits RelayScheme, StandardScheme, GitHubScheme, GitLabScheme, SlackScheme, StripeScheme {
  /** The event type of a body that names none (rest.md 6.2). */
  String NO_TYPE = "webhook";

  /** Names a delivery in requests whose convention has no name for it. */
  String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** Whether the request carries a signature of this convention. */
  boolean isIn(SignedRequest request);

  /**
   * Checks the signature over the raw body.
   *
   * @throws SignatureRefused with the text for the sender
   */
  Proof verify(SignedRequest request, SigningKeys keys, Instant now);

  /** The sender's own name of this delivery, the same when it is sent again. */
  default @Nullable String deliveryId(SignedRequest request, ObjectNode body) {
    return request.header(IDEMPOTENCY_KEY);
  }

  /** What the webhook's filter looks at. */
  default String eventType(SignedRequest request, ObjectNode body) {
    return textOr(body.get("type"), NO_TYPE);
  }

  /** The answer to a request that only asks whether somebody is here. */
  default Optional<String> challenge(ObjectNode body) {
    return Optional.empty();
  }

  /** The convention of that name. */
  static Scheme of(SchemeName name) {
    return switch (name) {
      case STANDARD -> new StandardScheme();
      case GITHUB -> new GitHubScheme();
      case GITLAB -> new GitLabScheme();
      case SLACK -> new SlackScheme();
      case STRIPE -> new StripeScheme();
    };
  }

  /** A member's text, or its JSON where it is no text. */
  static String textOr(@Nullable JsonNode value, String otherwise) {
    return value == null || value.isNull() ? otherwise : value.asText(value.toString());
  }
}
