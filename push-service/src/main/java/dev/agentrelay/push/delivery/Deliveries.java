package dev.agentrelay.push.delivery;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.push.notification.Notification;
import dev.agentrelay.push.notification.NotificationType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Every notification to every device in Postgres: what is still to be handed over survives any
 * restart, and what became of it can be looked up. Blocks.
 */
@ApplicationScoped
public class Deliveries {
  /** For how long a replica that has taken a delivery has it to itself. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final EntityManager database;

  Deliveries(EntityManager database) {
    this.database = database;
  }

  /** Puts a delivery on its way; one that is known already is left as it is. */
  @Transactional
  public void send(Notification notification, Channel channel, String target) {
    insert(notification, channel, target, Outcome.PENDING, null);
  }

  /** Records a notification that is not sent. */
  @Transactional
  public void close(
      Notification notification,
      Channel channel,
      String target,
      Outcome outcome,
      @Nullable String reason) {
    insert(notification, channel, target, outcome, reason);
  }

  /** Takes what is due; nobody else gets the same within the lease. */
  @Transactional
  List<Delivery> claim(int most) {
    Instant now = Instant.now();
    return database
        .unwrap(Session.class)
        .createNativeQuery(
            """
            update push.deliveries set attempts = attempts + 1, due_at = :lease
            where id in (select id from push.deliveries
              where state = 'pending' and due_at <= :now
              order by due_at limit :most for update skip locked)
            returning id, user_id, session_id, event_type, channel, target, payload, attempts,
              expires_at
            """,
            Tuple.class)
        .addScalar("id", UUID.class)
        .addScalar("user_id", String.class)
        .addScalar("session_id", String.class)
        .addScalar("event_type", String.class)
        .addScalar("channel", String.class)
        .addScalar("target", String.class)
        .addScalar("payload", String.class)
        .addScalar("attempts", Integer.class)
        .addScalar("expires_at", Instant.class)
        .setParameter("lease", now.plus(LEASE))
        .setParameter("now", now)
        .setParameter("most", most)
        .getResultList()
        .stream()
        .map(Deliveries::delivery)
        .toList();
  }

  /** The end of a delivery. */
  @Transactional
  void finish(UUID id, Outcome outcome, @Nullable String reason, @Nullable Integer status) {
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            "update push.deliveries set state = :state, reason = :reason,"
                + " provider_status = :status, finished_at = :now, due_at = null, payload = null"
                + " where id = :id and state = 'pending'")
        .setParameter("state", outcome.wireName())
        .setParameter("reason", reason, String.class)
        .setParameter("status", status, Integer.class)
        .setParameter("now", Instant.now())
        .setParameter("id", id)
        .executeUpdate();
  }

  /** The delivery is tried again at that time; what stood in the way is kept. */
  @Transactional
  void postpone(UUID id, Instant due, String reason, @Nullable Integer status) {
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            "update push.deliveries set due_at = :due, reason = :reason, provider_status = :status"
                + " where id = :id and state = 'pending'")
        .setParameter("due", due)
        .setParameter("reason", reason)
        .setParameter("status", status, Integer.class)
        .setParameter("id", id)
        .executeUpdate();
  }

  /** The delivery found no room now; that does not count as an attempt. */
  @Transactional
  void putBack(UUID id, Instant due) {
    database
        .createNativeQuery(
            "update push.deliveries set due_at = :due, attempts = attempts - 1"
                + " where id = :id and state = 'pending'")
        .setParameter("due", due)
        .setParameter("id", id)
        .executeUpdate();
  }

  /** Forgets what ended before that time. */
  @Transactional
  int forget(Instant endedBefore) {
    return database
        .createNativeQuery(
            "delete from push.deliveries where state <> 'pending' and finished_at < :before")
        .setParameter("before", endedBefore)
        .executeUpdate();
  }

  private void insert(
      Notification notification,
      Channel channel,
      String target,
      Outcome outcome,
      @Nullable String reason) {
    boolean pending = outcome == Outcome.PENDING;
    Instant now = Instant.now();
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            """
            insert into push.deliveries (id, notice_id, user_id, session_id, event_type, channel,
              target, payload, state, reason, created_at, due_at, expires_at, finished_at)
            values (:id, :notice, :user, :session, :type, :channel, :target, :payload, :state,
              :reason, :now, :due, :expires, :finished)
            on conflict do nothing
            """)
        .setParameter("id", UUID.randomUUID())
        .setParameter("notice", notification.about().noticeId())
        .setParameter("user", notification.about().userId().value())
        .setParameter("session", notification.about().sessionId().value())
        .setParameter("type", notification.type().wireName())
        .setParameter("channel", channel.wireName())
        .setParameter("target", target)
        .setParameter("payload", pending ? notification.payload() : null, String.class)
        .setParameter("state", outcome.wireName())
        .setParameter("reason", reason, String.class)
        .setParameter("now", now)
        .setParameter("due", pending ? now : null, Instant.class)
        .setParameter("expires", notification.about().at().plus(notification.type().life()))
        .setParameter("finished", pending ? null : now, Instant.class)
        .executeUpdate();
  }

  private static Delivery delivery(Tuple row) {
    return new Delivery(
        row.get("id", UUID.class),
        new UserId(row.get("user_id", String.class)),
        new SessionId(row.get("session_id", String.class)),
        NotificationType.of(row.get("event_type", String.class)),
        Channel.valueOf(row.get("channel", String.class).toUpperCase(Locale.ROOT)),
        row.get("target", String.class),
        row.get("payload", String.class),
        row.get("attempts", Integer.class),
        row.get("expires_at", Instant.class));
  }
}
