package dev.agentrelay.push.subscription;

import dev.agentrelay.contracts.UserId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The browsers of all users. */
@ApplicationScoped
public class Subscriptions implements PanacheRepositoryBase<SubscriptionRow, UUID> {
  /** More browsers than anybody has; the oldest gives way. */
  private static final int MOST_PER_USER = 1_000;

  private final InstantSource clock;

  Subscriptions(InstantSource clock) {
    this.clock = clock;
  }

  /** A subscription as a browser gives it. */
  record Wanted(
      String endpoint, String p256dh, String auth, String enabledEvents, String vapidPublicKey) {}

  /** Keeps a subscription; one of the same user and endpoint is replaced as a whole. */
  @Transactional
  UUID subscribe(UserId user, Wanted wanted) {
    UUID id = UUID.randomUUID();
    getEntityManager()
        .createNativeQuery(
            """
            insert into push.subscriptions (id, user_id, endpoint, p256dh, auth, enabled_events,
              suppress_child_notifications, created_at, vapid_public_key)
            values (:id, :user, :endpoint, :p256dh, :auth, :events, false, :now, :vapid)
            on conflict (user_id, endpoint) do update set
              id = excluded.id, p256dh = excluded.p256dh, auth = excluded.auth,
              enabled_events = excluded.enabled_events, suppress_child_notifications = false,
              created_at = excluded.created_at, vapid_public_key = excluded.vapid_public_key,
              failing_since = null
            """)
        .setParameter("id", id)
        .setParameter("user", user.value())
        .setParameter("endpoint", wanted.endpoint())
        .setParameter("p256dh", wanted.p256dh())
        .setParameter("auth", wanted.auth())
        .setParameter("events", wanted.enabledEvents())
        .setParameter("now", clock.instant())
        .setParameter("vapid", wanted.vapidPublicKey())
        .executeUpdate();
    dropOldest(user);
    return id;
  }

  @Transactional
  void unsubscribe(UserId user, String endpoint) {
    delete("userId = ?1 and endpoint = ?2", user.value(), endpoint);
  }

  /** Every subscription of a user, the oldest first. */
  @Transactional
  public List<SubscriptionRow> of(UserId user) {
    return list("userId = ?1", Sort.by("createdAt").and("id"), user.value());
  }

  @Transactional
  void setEvents(UserId user, String endpoint, String enabledEvents) {
    update(
        "enabledEvents = ?1 where userId = ?2 and endpoint = ?3",
        enabledEvents,
        user.value(),
        endpoint);
  }

  /**
   * @return whether the user has such a subscription
   */
  @Transactional
  boolean setSuppressChildren(UserId user, String endpoint, boolean suppress) {
    return update(
            "suppressChildNotifications = ?1 where userId = ?2 and endpoint = ?3",
            suppress,
            user.value(),
            endpoint)
        > 0;
  }

  /** The subscription of that id, whoever has it. */
  @Transactional
  public Optional<SubscriptionRow> byId(UUID id) {
    return findByIdOptional(id);
  }

  /** Forgets a browser that has gone for good. */
  @Transactional
  public void forget(UUID id) {
    deleteById(id);
  }

  /** The provider took a notification. */
  @Transactional
  public void worked(UUID id) {
    update("failingSince = null where id = ?1 and failingSince is not null", id);
  }

  /** The provider did not; a browser for which that lasts too long is forgotten. */
  @Transactional
  public void failed(UUID id, Duration retireAfter) {
    Instant now = clock.instant();
    update("failingSince = ?1 where id = ?2 and failingSince is null", now, id);
    delete("id = ?1 and failingSince < ?2", id, now.minus(retireAfter));
  }

  private void dropOldest(UserId user) {
    getEntityManager()
        .createNativeQuery(
            "delete from push.subscriptions where id in (select id from push.subscriptions"
                + " where user_id = :user order by created_at desc offset :most)")
        .setParameter("user", user.value())
        .setParameter("most", MOST_PER_USER)
        .executeUpdate();
  }
}
