package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.replica.LivingReplicas;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * What sessions were told, 200 entries each, and what came to no known end for as long as its
 * caller may ask again. An entry is written before its trigger goes out and settled when the
 * outcome is known. Its commits do not wait for the disk: what a crash of Postgres can lose is the
 * last moment of a log; what it says of entries that are left is made good by {@link
 * RecentDeliveries}.
 */
@ApplicationScoped
public class History {
  static final int MOST = 200;

  /** What became of a trigger. */
  public enum State {
    /** On its way. */
    QUEUED,
    /** The worker has it. */
    DELIVERED,
    /** The worker has it not. */
    FAILED,
    /** Nobody said whether the worker has it. */
    UNKNOWN;

    /** Its name on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String BEGIN =
      """
      with again as (
        update trigger.history set state = 'queued', at = :at, replica = :replica where position = (
          select position from trigger.history
          where session_id = :session and (
            (trigger_id = :trigger and state <> 'delivered')
            or (fingerprint = :fingerprint and at > :since
              and (state = 'unknown' or (state = 'queued'
                and (at < :answered or (replica <> :replica and IS_DEAD))))))
          order by position desc limit 1 for update)
        returning trigger_id),
      fresh as (
        insert into trigger.history
          (session_id, trigger_id, entry, state, fingerprint, at, replica)
        select :session, :trigger, :entry, 'queued', :fingerprint, :at, :replica
        where not exists (select 1 from again) and not exists (
          select 1 from trigger.history where session_id = :session and trigger_id = :trigger))
      select coalesce((select trigger_id from again), :trigger),
        set_config('synchronous_commit', 'off', true)
      """
          .replace("IS_DEAD", LivingReplicas.isDead("history.replica"));

  private static final String BEGIN_ALL =
      """
      with each as (
        select * from json_each_text(cast(:triggers as json)) as each (session_id, trigger_id)),
      again as (
        update trigger.history known set state = 'queued', at = :at, replica = :replica from each
        where known.session_id = each.session_id and known.trigger_id = each.trigger_id
          and known.state <> 'delivered')
      insert into trigger.history (session_id, trigger_id, entry, state, at, replica)
      select each.session_id, each.trigger_id, :entry, 'queued', :at, :replica from each
      where not exists (select 1 from trigger.history known
        where known.session_id = each.session_id and known.trigger_id = each.trigger_id)
      """;

  /** What another call is just forgetting is left to it, or the two would wait for each other. */
  private static final String SETTLE =
      """
      with settled as (
        update trigger.history set state = :state, reason = :reason, at = :at
        where session_id = :session and trigger_id = :trigger and state <> 'delivered'
        returning set_config('synchronous_commit', 'off', true)),
      trimmed as (
        delete from trigger.history where position in (
          select position from trigger.history where session_id = :session
            and (state in ('delivered', 'failed') or at < :since) and position < (
              select position from trigger.history where session_id = :session
              order by position desc offset :last limit 1)
          for update skip locked))
      select count(*) from settled
      """;

  /** An entry that is there already is told twice and changes nothing. */
  private static final String ADD =
      """
      insert into trigger.history (session_id, trigger_id, entry, state, at)
      select :session, :trigger, :entry, 'delivered', :at
      where not exists (
        select 1 from trigger.history where session_id = :session and trigger_id = :trigger)
      """;

  private final EntityManager database;
  private final LivingReplicas replicas;
  private final TriggerConfig config;
  private final SharedClock clock;

  History(
      EntityManager database, LivingReplicas replicas, TriggerConfig config, SharedClock clock) {
    this.database = database;
    this.replicas = replicas;
    this.config = config;
    this.clock = clock;
  }

  /**
   * Writes down what is about to be delivered.
   *
   * @param fingerprint the same for a request that is repeated; absent when none can be
   * @return the id to deliver under: the given one, or that of the earlier attempt whose outcome is
   *     not known, because no answer came or its replica died
   */
  @Transactional
  public String begin(
      SessionId session, String triggerId, JsonText entry, @Nullable String fingerprint) {
    Instant now = clock.instant();
    Object[] begun =
        database
            .unwrap(Session.class)
            .createNativeQuery(BEGIN, Object[].class)
            .setParameter("session", session.value())
            .setParameter("trigger", triggerId)
            .setParameter("entry", entry.value())
            .setParameter("fingerprint", fingerprint, String.class)
            .setParameter("at", now)
            .setParameter("since", now.minus(config.delivery().repeatWithin()))
            .setParameter("answered", now.minus(longestWait()))
            .setParameter("replica", replicas.own())
            .getSingleResult();
    return (String) begun[0];
  }

  /** What is older and still on its way has an outcome that could not be written down. */
  private Duration longestWait() {
    TriggerConfig.Delivery delivery = config.delivery();
    return delivery.reconnectWait().plus(delivery.answerWithin());
  }

  /**
   * Writes down what is about to be delivered to many sessions.
   *
   * @param triggerId the id of each session's entry
   */
  @Transactional
  public void beginAll(
      List<SessionId> sessions, Function<SessionId, String> triggerId, JsonText entry) {
    if (sessions.isEmpty()) {
      return;
    }
    ObjectNode triggers = StoredJson.object();
    sessions.forEach(session -> triggers.put(session.value(), triggerId.apply(session)));
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(BEGIN_ALL)
        .setParameter("triggers", StoredJson.text(triggers))
        .setParameter("entry", entry.value())
        .setParameter("at", clock.instant())
        .setParameter("replica", replicas.own())
        .executeUpdate();
  }

  /** Writes down what became of it. What was delivered stays so. */
  @Transactional
  public void settle(SessionId session, String triggerId, State state, @Nullable String reason) {
    Instant now = clock.instant();
    database
        .unwrap(Session.class)
        .createNativeQuery(SETTLE, Long.class)
        .setParameter("session", session.value())
        .setParameter("trigger", triggerId)
        .setParameter("state", state.wireName())
        .setParameter("reason", reason, String.class)
        .setParameter("at", now)
        .setParameter("since", now.minus(config.delivery().repeatWithin()))
        .setParameter("last", MOST - 1)
        .getSingleResult();
  }

  /** Writes down that a worker has acknowledged what only its socket was known to have. */
  @Transactional
  public void acknowledged(SessionId session, String triggerId) {
    database
        .createQuery(
            "update HistoryRow h set h.reason = null, h.at = :at"
                + " where h.sessionId = :session and h.triggerId = :trigger"
                + " and h.state = 'delivered'")
        .setParameter("session", session.value())
        .setParameter("trigger", triggerId)
        .setParameter("at", clock.instant())
        .executeUpdate();
  }

  /** Adds what was delivered by others. */
  @Transactional
  void add(SessionId session, String triggerId, JsonText entry, Instant at) {
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(ADD)
        .setParameter("session", session.value())
        .setParameter("trigger", triggerId)
        .setParameter("entry", entry.value())
        .setParameter("at", at)
        .executeUpdate();
    settle(session, triggerId, State.DELIVERED, null);
  }

  /** Writes the answer into the entry it answers, if that is still there. */
  @Transactional
  public void answer(
      SessionId session, String triggerId, @Nullable String action, String text, Instant at) {
    ObjectNode response = StoredJson.object();
    if (action != null) {
      response.put("action", action);
    }
    response.put("text", text).put("ts", Timestamps.text(at));
    database
        .unwrap(Session.class)
        .createNativeMutationQuery(
            "update trigger.history set response = :response"
                + " where session_id = :session and trigger_id = :trigger")
        .setParameter("response", StoredJson.text(response))
        .setParameter("session", session.value())
        .setParameter("trigger", triggerId)
        .executeUpdate();
  }

  /**
   * The newest entries first, as clients see them (rest.md 5.4), each with what became of it.
   *
   * @param all whether to show also what did not reach the worker
   */
  @Transactional
  public ArrayNode newest(SessionId session, int most, boolean all) {
    List<HistoryRow> rows =
        database
            .createQuery(
                "from HistoryRow h where h.sessionId = :session"
                    + (all ? "" : " and h.state in ('queued', 'delivered')")
                    + " order by h.position desc",
                HistoryRow.class)
            .setParameter("session", session.value())
            .setMaxResults(most)
            .getResultList();
    ArrayNode entries = StoredJson.object().putArray("triggers");
    rows.forEach(row -> entries.add(row.toInfo()));
    return entries;
  }

  /** Forgets everything a session was told. */
  @Transactional
  public void clear(SessionId session) {
    database
        .createQuery("delete from HistoryRow h where h.sessionId = :session")
        .setParameter("session", session.value())
        .executeUpdate();
  }

  /**
   * What was on its way when its replica died, is of unknown outcome; histories without a new entry
   * since then are forgotten.
   */
  @Transactional
  public void tidy(Instant queuedBefore, Instant lastEntryBefore) {
    database
        .createQuery(
            "update HistoryRow h set h.state = 'unknown', h.reason = 'the relay was restarted'"
                + " where h.state = 'queued' and h.at < :before")
        .setParameter("before", queuedBefore)
        .executeUpdate();
    database
        .createQuery(
            "delete from HistoryRow h where h.at < :before and not exists (select 1 from HistoryRow"
                + " n where n.sessionId = h.sessionId and n.at >= :before)")
        .setParameter("before", lastEntryBefore)
        .executeUpdate();
  }
}
