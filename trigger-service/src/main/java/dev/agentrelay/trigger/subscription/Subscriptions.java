package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.SubscriptionChanged;
import dev.agentrelay.contracts.SubscriptionChanged.Action;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.trigger.change.Changes;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.session.SessionOver;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The table of subscriptions. Each change is said to the runner's daemon and the session's viewers
 * once it is committed.
 */
@ApplicationScoped
public class Subscriptions implements PanacheRepositoryBase<SubscriptionRow, String> {
  private static final Sort OLDEST_FIRST = Sort.by("position");

  /** Addresses every subscription of a type, as daemons understand it. */
  private static final String ALL_OF_TYPE = "legacy:all:";

  private final Changes changes;

  Subscriptions(Changes changes) {
    this.changes = changes;
  }

  /** Every subscription of a session, the oldest first. */
  @Transactional
  public List<SubscriptionRow> ofSession(SessionId session) {
    return list("sessionId", OLDEST_FIRST, session.value());
  }

  /** Every subscription of a user, the oldest first. */
  @Transactional
  public List<SubscriptionRow> ofUser(UserId user) {
    return list("userId", OLDEST_FIRST, user.value());
  }

  /** Every subscription of a user to a type, on whatever runner. */
  @Transactional
  public List<SubscriptionRow> ofUser(UserId user, String triggerType) {
    return list("userId = ?1 and triggerType = ?2", OLDEST_FIRST, user.value(), triggerType);
  }

  /** Every subscription on a runner, those of sessions that have ended included. */
  @Transactional
  public List<SubscriptionRow> ofRunner(RunnerId runner) {
    return list("runnerId", OLDEST_FIRST, runner.value());
  }

  /** Every subscription of a user to a type on a runner. */
  @Transactional
  public List<SubscriptionRow> ofRunner(RunnerId runner, UserId user, String triggerType) {
    return list(
        "runnerId = ?1 and userId = ?2 and triggerType = ?3",
        OLDEST_FIRST,
        runner.value(),
        user.value(),
        triggerType);
  }

  /** The schedules on a runner. */
  @Transactional
  public List<SubscriptionRow> schedulesOf(RunnerId runner) {
    return ofRunner(runner).stream().filter(SubscriptionRow::isSchedule).toList();
  }

  /** The user's subscription of that id. */
  @Transactional
  public Optional<SubscriptionRow> find(UserId user, String subscriptionId) {
    return find("subscriptionId = ?1 and userId = ?2", subscriptionId, user.value())
        .firstResultOptional();
  }

  /** The runner that keeps a schedule of the session. */
  @Transactional
  Optional<RunnerId> scheduleRunner(SessionId session) {
    return ofSession(session).stream()
        .filter(SubscriptionRow::isSchedule)
        .map(SubscriptionRow::runnerId)
        .findFirst();
  }

  /** Adds a subscription; the same type may be subscribed to more than once. */
  @Transactional
  public SubscriptionRow add(
      UserId user,
      SessionId session,
      RunnerId runner,
      String triggerType,
      Wish wish,
      @Nullable String deliverAs) {
    changes.lock(runner);
    Instant now = Instant.now();
    SubscriptionRow row = new SubscriptionRow();
    row.subscriptionId =
        "sub:%s:%s:%d:%s"
            .formatted(
                session,
                triggerType,
                now.toEpochMilli(),
                UUID.randomUUID().toString().substring(28));
    row.userId = user.value();
    row.sessionId = session.value();
    row.runnerId = runner.value();
    row.triggerType = triggerType;
    row.ask(wish);
    row.deliverAs = deliverAs;
    row.createdAt = now;
    persist(row);
    say(row, Action.SUBSCRIBE);
    return row;
  }

  /** Replaces what a subscription asks for; empty when it is gone. */
  @Transactional
  public Optional<SubscriptionRow> replace(SubscriptionRow stale, Wish wish) {
    return change(stale, stale.sessionId(), wish);
  }

  /** Replaces what a subscription asks for, and for which session; empty when it is gone. */
  @Transactional
  public Optional<SubscriptionRow> change(SubscriptionRow stale, SessionId session, Wish wish) {
    changes.lock(stale.runnerId());
    Optional<SubscriptionRow> found = findByIdOptional(stale.subscriptionId());
    found.ifPresent(
        row -> {
          row.sessionId = session.value();
          row.ask(wish);
          say(row, Action.UPDATE);
        });
    return found;
  }

  /** Removes one subscription; false when it was gone already. */
  @Transactional
  public boolean remove(SubscriptionRow stale) {
    changes.lock(stale.runnerId());
    boolean removed = deleteById(stale.subscriptionId());
    if (removed) {
      sayRemoved(stale, stale.subscriptionId());
    }
    return removed;
  }

  /** Removes a session's subscriptions to a type, and counts them. */
  @Transactional
  public int removeType(SessionId session, String triggerType) {
    List<SubscriptionRow> found =
        list("sessionId = ?1 and triggerType = ?2", session.value(), triggerType);
    SortedMap<String, SubscriptionRow> oneOfEachRunner = new TreeMap<>();
    found.forEach(row -> oneOfEachRunner.putIfAbsent(row.runnerId, row));
    int removed = 0;
    for (SubscriptionRow one : oneOfEachRunner.values()) {
      changes.lock(one.runnerId());
      // others may have removed some meanwhile
      long count =
          delete(
              "sessionId = ?1 and triggerType = ?2 and runnerId = ?3",
              session.value(),
              triggerType,
              one.runnerId);
      if (count > 0) {
        sayRemoved(one, ALL_OF_TYPE + triggerType);
      }
      removed += Math.toIntExact(count);
    }
    return removed;
  }

  /** With its session a subscription ends, unless it is a schedule. */
  @Transactional
  void dropAtEndOf(@Observes SessionOver over) {
    ofSession(over.sessionId()).stream().filter(row -> !row.isSchedule()).forEach(this::remove);
  }

  private void say(SubscriptionRow row, Action action) {
    say(row, action, row.toInfo());
  }

  private void sayRemoved(SubscriptionRow row, String subscriptionId) {
    ObjectNode removed = StoredJson.object();
    removed.put("subscriptionId", subscriptionId);
    removed.put("sessionId", row.sessionId);
    removed.put("triggerType", row.triggerType);
    removed.put("runnerId", row.runnerId);
    say(row, Action.UNSUBSCRIBE, removed);
  }

  private void say(SubscriptionRow row, Action action, ObjectNode subscription) {
    changes.say(
        new SubscriptionChanged(
            row.runnerId(),
            row.userId(),
            action,
            row.triggerType(),
            row.sessionId(),
            new JsonText(StoredJson.text(subscription)),
            Instant.now()));
  }
}
