package dev.agentrelay.push.web;

import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.delivery.Attempt;
import dev.agentrelay.push.delivery.Channel;
import dev.agentrelay.push.delivery.Delivery;
import dev.agentrelay.push.delivery.Sender;
import dev.agentrelay.push.subscription.EndpointRule;
import dev.agentrelay.push.subscription.SubscriptionRow;
import dev.agentrelay.push.subscription.Subscriptions;
import dev.agentrelay.push.vapid.VapidKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sends a notification to a browser through its maker's provider (RFC 8030). */
@ApplicationScoped
public class WebPushSender implements Sender {
  /** What RFC 8030 allows a topic to have. */
  private static final int TOPIC_BYTES = 24;

  private final Subscriptions subscriptions;
  private final EndpointRule rule;
  private final BrowserEncryption encryption;
  private final VapidKeys vapid;
  private final Providers providers;
  private final PushConfig config;
  private final InstantSource clock;

  WebPushSender(
      Subscriptions subscriptions,
      EndpointRule rule,
      BrowserEncryption encryption,
      VapidKeys vapid,
      Providers providers,
      PushConfig config,
      InstantSource clock) {
    this.subscriptions = subscriptions;
    this.rule = rule;
    this.encryption = encryption;
    this.vapid = vapid;
    this.providers = providers;
    this.config = config;
    this.clock = clock;
  }

  @Override
  public Channel channel() {
    return Channel.WEB;
  }

  @Override
  public Attempt send(Delivery delivery) {
    Optional<SubscriptionRow> found = subscriptions.byId(UUID.fromString(delivery.target()));
    if (found.isEmpty()) {
      return new Attempt.Impossible("the subscription was removed");
    }
    SubscriptionRow subscription = found.get();
    Optional<URI> endpoint = rule.parse(subscription.endpoint());
    byte[] body = encryption.encrypt(subscription, delivery.payload());
    if (endpoint.isEmpty() || body == null) {
      subscriptions.forget(subscription.id());
      return new Attempt.Impossible(
          body == null ? BrowserEncryption.UNREADABLE_KEYS : "the endpoint is refused");
    }
    Attempt attempt = providers.post(endpoint.get(), headers(delivery, endpoint.get()), body);
    switch (attempt) {
      case Attempt.Taken taken when subscription.failingSince() == null -> {}
      case Attempt.Taken taken -> subscriptions.worked(subscription.id());
      case Attempt.Gone gone -> subscriptions.forget(subscription.id());
      default -> subscriptions.failed(subscription.id(), config.retireAfter());
    }
    return attempt;
  }

  private Map<String, String> headers(Delivery delivery, URI endpoint) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Authorization", vapid.authorization(endpoint));
    headers.put("Content-Encoding", "aes128gcm");
    headers.put("Content-Type", "application/octet-stream");
    headers.put("TTL", Long.toString(secondsLeft(delivery)));
    headers.put("Topic", topic(delivery));
    headers.put("Urgency", delivery.type().urgent() ? "high" : "normal");
    return headers;
  }

  private long secondsLeft(Delivery delivery) {
    return Math.max(1, Duration.between(clock.instant(), delivery.expiresAt()).toSeconds());
  }

  /** A device that was away gets the last one of a session and type, as it would show only that. */
  private static String topic(Delivery delivery) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String subject = delivery.type().wireName() + " " + delivery.session();
      byte[] hash = digest.digest(subject.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, TOPIC_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
