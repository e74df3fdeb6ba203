package dev.agentrelay.webhook.fire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.delivery.Answers;
import dev.agentrelay.webhook.delivery.DeliveryId;
import dev.agentrelay.webhook.delivery.Incoming;
import dev.agentrelay.webhook.delivery.Payload;
import dev.agentrelay.webhook.hook.FiredWebhooks;
import dev.agentrelay.webhook.hook.Webhook;
import dev.agentrelay.webhook.hook.Webhooks;
import dev.agentrelay.webhook.signature.Proof;
import dev.agentrelay.webhook.signature.RelayScheme;
import dev.agentrelay.webhook.signature.Scheme;
import dev.agentrelay.webhook.signature.SignedRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way of a sender's request, in the order of checks of rest.md 6.2. Blocks. */
@ApplicationScoped
class SignedFiring {
  private static final int LONGEST_SENDER_ID = 255;
  private static final int LONGEST_TEXT = 255;

  private final FiredWebhooks fired;
  private final Webhooks webhooks;
  private final Nonces nonces;
  private final Payload payload;
  private final Answers answers;
  private final Firing firing;
  private final SharedClock clock;

  SignedFiring(
      FiredWebhooks fired,
      Webhooks webhooks,
      Nonces nonces,
      Payload payload,
      Answers answers,
      Firing firing,
      SharedClock clock) {
    this.fired = fired;
    this.webhooks = webhooks;
    this.nonces = nonces;
    this.payload = payload;
    this.answers = answers;
    this.firing = firing;
    this.clock = clock;
  }

  Fired fire(WebhookId id, SignedRequest request, Sender sender) {
    Webhook webhook =
        fired
            .find(id)
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Webhook not found"));
    Scheme scheme = schemeOf(webhook, request);
    Proof proof = scheme.verify(request, webhooks.keysOf(webhook), clock.instant());
    String nonce = proof.nonce();
    if (nonce != null && !nonces.use(id, nonce)) {
      throw new RelayException(ErrorCode.CONFLICT, "Webhook nonce has already been used");
    }
    ObjectNode body = payload.parse(request.body());
    Optional<String> challenge = scheme.challenge(body);
    if (challenge.isPresent()) {
      return new Fired(answers.challenge(challenge.get()), null, false);
    }
    String userAgent = sender.userAgent();
    Incoming incoming =
        new Incoming(
            DeliveryId.random(),
            senderId(scheme, request, body),
            sender.address(),
            userAgent == null ? null : cut(userAgent),
            proof.verifiedBy(),
            cut(scheme.eventType(request, body)),
            null,
            request.body());
    return firing.fire(webhook, incoming, body);
  }

  /** The relay's own signature is accepted of everybody and looked for first. */
  private static Scheme schemeOf(Webhook webhook, SignedRequest request) {
    Scheme own = new RelayScheme();
    Scheme named = Scheme.of(webhook.scheme());
    if (own.isIn(request) || !named.isIn(request)) {
      return own;
    }
    return named;
  }

  /** An empty name is none: it would make every delivery the same. */
  private static @Nullable String senderId(Scheme scheme, SignedRequest request, ObjectNode body) {
    String own = scheme.deliveryId(request, body);
    String id = own == null || own.isEmpty() ? request.header(Scheme.IDEMPOTENCY_KEY) : own;
    if (id == null) {
      return null;
    }
    if (id.length() > LONGEST_SENDER_ID) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST,
          "The delivery id is longer than " + LONGEST_SENDER_ID + " characters");
    }
    String storable = storable(id);
    return storable.isEmpty() ? null : storable;
  }

  private static String cut(String text) {
    return storable(text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT));
  }

  /** Postgres stores any text but NUL characters. */
  private static String storable(String text) {
    return text.replace("\0", "");
  }
}
