package dev.agentrelay.webhook.hook;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.webhook.WebhookId;
import dev.agentrelay.webhook.secret.Sealing;
import dev.agentrelay.webhook.secret.SigningSecret;
import dev.agentrelay.webhook.signature.SigningKeys;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the webhooks. Whose they are is checked here, with each access by a caller. */
@ApplicationScoped
public class Webhooks implements PanacheRepositoryBase<Webhook, String> {
  private static final Sort NEWEST_FIRST = Sort.descending("createdAt").and("id");

  private final Sealing sealing;
  private final Event<WebhookChanged> changed;

  Webhooks(Sealing sealing, Event<WebhookChanged> changed) {
    this.sealing = sealing;
    this.changed = changed;
  }

  @Transactional
  Webhook create(UserId user, WebhookForm form) {
    Webhook webhook = new Webhook();
    WebhookId id = WebhookId.random();
    webhook.id = id.value();
    webhook.userId = user.value();
    webhook.secret = sealing.seal(id, SigningSecret.random());
    webhook.whenOffline = WhenOffline.REJECT;
    webhook.createdAt = now();
    webhook.updatedAt = webhook.createdAt;
    form.applyTo(webhook, sealing);
    webhook.enabled = true;
    persist(webhook);
    return webhook;
  }

  /** How many the user has. */
  @Transactional
  long countOf(UserId user) {
    return count("userId", user.value());
  }

  /** The webhook of that id, whoever owns it. */
  @Transactional
  public Optional<Webhook> find(WebhookId id) {
    return isStorable(id) ? findByIdOptional(id.value()) : Optional.empty();
  }

  /** The user's webhook of that id. */
  @Transactional
  public Optional<Webhook> find(UserId user, WebhookId id) {
    return find(id).filter(webhook -> webhook.userId().equals(user));
  }

  /** The same, for a change: another change waits, so that neither undoes the other. */
  private Optional<Webhook> lock(UserId user, WebhookId id) {
    return isStorable(id)
        ? findByIdOptional(id.value(), LockModeType.PESSIMISTIC_WRITE)
            .filter(webhook -> webhook.userId().equals(user))
        : Optional.empty();
  }

  /** Every webhook of a user, newest first. */
  @Transactional
  List<Webhook> of(UserId user) {
    return list("userId", NEWEST_FIRST, user.value());
  }

  @Transactional
  Optional<Webhook> change(UserId user, WebhookId id, WebhookForm form) {
    Optional<Webhook> found = lock(user, id);
    found.ifPresent(
        webhook -> {
          form.applyTo(webhook, sealing);
          webhook.updatedAt = now();
          changed.fire(new WebhookChanged(id));
        });
    return found;
  }

  /**
   * Gives a webhook a new secret; the one it had goes on counting for a while, the one before that
   * does not.
   */
  @Transactional
  Optional<Webhook> rotateSecret(UserId user, WebhookId id, Duration overlap) {
    Optional<Webhook> found = lock(user, id);
    found.ifPresent(
        webhook -> {
          Instant now = now();
          boolean overlaps = overlap.isPositive();
          webhook.previousSecret = overlaps ? webhook.secret : null;
          webhook.previousSecretUntil = overlaps ? now.plus(overlap) : null;
          webhook.secret = sealing.seal(id, SigningSecret.random());
          webhook.updatedAt = now;
          changed.fire(new WebhookChanged(id));
        });
    return found;
  }

  @Transactional
  boolean remove(UserId user, WebhookId id) {
    changed.fire(new WebhookChanged(id));
    return isStorable(id) && delete("id = ?1 and userId = ?2", id.value(), user.value()) > 0;
  }

  /**
   * The secrets that a request to this webhook may be signed with now.
   *
   * @throws RelayException as {@link #secretOf}
   */
  public SigningKeys keysOf(Webhook webhook) {
    List<String> own = new ArrayList<>();
    own.add(secretOf(webhook));
    if (webhook.previousSecret != null
        && webhook.previousSecretUntil != null
        && Instant.now().isBefore(webhook.previousSecretUntil)) {
      sealing.open(webhook.id(), webhook.previousSecret).ifPresent(own::add);
    }
    List<String> senders =
        webhook.senderSecret == null
            ? List.of()
            : sealing.open(webhook.id(), webhook.senderSecret).stream().toList();
    return new SigningKeys(own, senders);
  }

  /**
   * The webhook's own secret.
   *
   * @throws RelayException 500 when it was sealed under a key that this service does not have
   */
  public String secretOf(Webhook webhook) {
    return readableSecret(webhook)
        .orElseThrow(
            () ->
                new RelayException(
                    ErrorCode.INTERNAL, "The webhook's secret cannot be read: rotate it"));
  }

  /** The webhook's own secret; empty when it was sealed under a key that this service lacks. */
  Optional<String> readableSecret(Webhook webhook) {
    return sealing.open(webhook.id(), webhook.secret);
  }

  /** Postgres knows no text with NUL characters. */
  private static boolean isStorable(WebhookId id) {
    return id.value().indexOf('\0') < 0;
  }

  /** The time as the wire can carry it. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
