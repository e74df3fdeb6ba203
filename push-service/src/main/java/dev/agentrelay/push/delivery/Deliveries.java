package dev.agentrelay.push.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.notification.Notification;
import dev.agentrelay.push.notification.NotificationType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Every notification to every device in Postgres: what is still to be handed over survives any
 * restart, and what became of it can be looked up. Blocks.
 */
@ApplicationScoped
public class Deliveries {
  /** Longer than any attempt; a replica that still holds a delivery then has been killed. */
  private static final int LEASE_IN_TIMEOUTS = 3;

  private final EntityManager database;
  private final ObjectMapper json;
  private final InstantSource clock;
  private final Duration lease;
  private final RelayMetrics metrics;

  Deliveries(
      EntityManager database,
      ObjectMapper json,
      InstantSource clock,
      PushConfig config,
      RelayMetrics metrics) {
    this.database = database;
    this.json = json;
    this.clock = clock;
    this.lease = config.provider().timeout().multipliedBy(LEASE_IN_TIMEOUTS);
    this.metrics = metrics;
  }

  /** Records a notification for each device; what is known already is left as it is. */
  @Transactional
  public void add(Notification notification, List<Destination> destinations) {
    int added =
        database
            .unwrap(Session.class)
            .createNativeMutationQuery(
                """
                insert into push.deliveries (id, notice_id, user_id, session_id, event_type, channel,
                  target, provider, payload, state, reason, created_at, due_at, expires_at, finished_at)
                select gen_random_uuid(), :notice, :user, :session, :type, channel,
                  target, provider, case when state = 'pending' then :payload end, state, reason,
                  cast(:now as timestamptz),
                  case when state = 'pending' then cast(:now as timestamptz) end,
                  cast(:expires as timestamptz),
                  case when state <> 'pending' then cast(:now as timestamptz) end
                from json_to_recordset(cast(:destinations as json))
                  as device(channel text, target text, provider text, state text, reason text)
                on conflict do nothing
                """)
            .setParameter("notice", notification.about().noticeId())
            .setParameter("user", notification.about().userId().value())
            .setParameter("session", notification.about().sessionId().value())
            .setParameter("type", notification.type().wireName())
            .setParameter("payload", notification.payload())
            .setParameter("now", clock.instant())
            .setParameter("expires", notification.about().at().plus(notification.type().life()))
            .setParameter("destinations", text(destinations))
            .executeUpdate();
    if (added > 0) {
      destinations.stream()
          .filter(device -> device.outcome() != Outcome.PENDING)
          .forEach(
              device ->
                  metrics.count(
                      Metric.PUSHES, device.channel().wireName(), device.outcome().wireName()));
    }
  }

  /**
   * Takes what is due; nobody else gets the same within the lease.
   *
   * @param most how many at most
   * @param mostEach how many may be under way to one provider
   * @param underWay how many are
   */
  @Transactional
  List<Delivery> claim(int most, int mostEach, Map<String, Integer> underWay) {
    Instant now = clock.instant();
    return database
        .unwrap(Session.class)
        .createNativeQuery(
            """
            update push.deliveries set attempts = attempts + 1, due_at = :lease
            where id in (select id from push.deliveries
              where state = 'pending' and due_at <= :now and id in (select due.id
                from (select id, due_at, provider,
                    row_number() over (partition by provider order by due_at) as place
                  from push.deliveries where state = 'pending' and due_at <= :now) due
                left join json_each_text(cast(:taken as json)) busy on busy.key = due.provider
                where due.place <= :each - coalesce(cast(busy.value as integer), 0)
                order by due.due_at limit :most)
              for update skip locked)
            returning id, user_id, session_id, event_type, channel, target, provider, payload,
              attempts, expires_at
            """,
            Tuple.class)
        .addScalar("id", UUID.class)
        .addScalar("user_id", String.class)
        .addScalar("session_id", String.class)
        .addScalar("event_type", String.class)
        .addScalar("channel", String.class)
        .addScalar("target", String.class)
        .addScalar("provider", String.class)
        .addScalar("payload", String.class)
        .addScalar("attempts", Integer.class)
        .addScalar("expires_at", Instant.class)
        .setParameter("lease", now.plus(lease))
        .setParameter("now", now)
        .setParameter("taken", text(underWay))
        .setParameter("each", mostEach)
        .setParameter("most", most)
        .getResultList()
        .stream()
        .map(Deliveries::delivery)
        .toList();
  }

  /**
   * The end of a delivery.
   *
   * @return whether it had not ended before
   */
  @Transactional
  boolean finish(UUID id, Outcome outcome, @Nullable String reason, @Nullable Integer status) {
    return database
            .unwrap(Session.class)
            .createNativeMutationQuery(
                "update push.deliveries set state = :state, reason = :reason,"
                    + " provider_status = :status, finished_at = :now, due_at = null,"
                    + " payload = null where id = :id and state = 'pending'")
            .setParameter("state", outcome.wireName())
            .setParameter("reason", reason, String.class)
            .setParameter("status", status, Integer.class)
            .setParameter("now", clock.instant())
            .setParameter("id", id)
            .executeUpdate()
        > 0;
  }

  /**
   * The delivery is tried again at that time, unless another replica tries it already; what stood
   * in the way is kept.
   */
  @Transactional
  void postpone(Delivery delivery, Instant due, String reason, @Nullable Integer status) {
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            "update push.deliveries set due_at = :due, reason = :reason, provider_status = :status"
                + " where id = :id and state = 'pending' and attempts = :attempts")
        .setParameter("due", due)
        .setParameter("reason", reason)
        .setParameter("status", status, Integer.class)
        .setParameter("id", delivery.id())
        .setParameter("attempts", delivery.attempts())
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

  private String text(List<Destination> destinations) {
    ArrayNode rows = json.createArrayNode();
    for (Destination destination : destinations) {
      rows.addObject()
          .put("channel", destination.channel().wireName())
          .put("target", destination.target())
          .put("provider", destination.provider())
          .put("state", destination.outcome().wireName())
          .put("reason", destination.reason());
    }
    return rows.toString();
  }

  private String text(Map<String, Integer> counts) {
    try {
      return json.writeValueAsString(counts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers by name are always JSON", e);
    }
  }

  private static Delivery delivery(Tuple row) {
    return new Delivery(
        row.get("id", UUID.class),
        new UserId(row.get("user_id", String.class)),
        new SessionId(row.get("session_id", String.class)),
        NotificationType.of(row.get("event_type", String.class)),
        Channel.valueOf(row.get("channel", String.class).toUpperCase(Locale.ROOT)),
        row.get("target", String.class),
        row.get("provider", String.class),
        row.get("payload", String.class),
        row.get("attempts", Integer.class),
        row.get("expires_at", Instant.class));
  }
}
