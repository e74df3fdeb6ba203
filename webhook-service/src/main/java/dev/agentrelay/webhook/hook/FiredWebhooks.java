package dev.agentrelay.webhook.hook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.webhook.WebhookId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.time.Duration;
import java.util.Optional;

/**
 * The webhooks that are being fired, remembered for a moment, so that what is refused costs the
 * database nothing. What another replica changed is known a quarter of a second later; a delivery
 * is only taken in while its webhook is there and enabled.
 */
@ApplicationScoped
public class FiredWebhooks {
  private static final Duration REMEMBERED = Duration.ofMillis(250);
  private static final int MOST = 10_000;

  private final Webhooks webhooks;
  private final Cache<WebhookId, Optional<Webhook>> known =
      Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(REMEMBERED).build();

  FiredWebhooks(Webhooks webhooks, RelayMetrics metrics) {
    this.webhooks = webhooks;
    metrics.bound(Bound.FIRED_WEBHOOKS, known::estimatedSize, MOST);
  }

  /** The webhook of that id, whoever owns it, if senders may fire it; blocks. */
  public Optional<Webhook> find(WebhookId id) {
    return known.get(id, webhooks::find).filter(Webhook::enabled);
  }

  /** Forgets one that this replica has changed. */
  void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) WebhookChanged changed) {
    known.invalidate(changed.id());
  }
}
