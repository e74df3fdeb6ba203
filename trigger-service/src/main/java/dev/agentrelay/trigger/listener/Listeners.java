package dev.agentrelay.trigger.listener;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SubscriptionChanged;
import dev.agentrelay.contracts.SubscriptionChanged.Action;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.trigger.change.Changes;
import dev.agentrelay.trigger.json.StoredJson;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The table of listeners. Each change is said to the runner's daemon once it is committed. */
@ApplicationScoped
public class Listeners implements PanacheRepositoryBase<ListenerRow, String> {
  private static final Sort NEWEST_FIRST = Sort.descending("createdAt", "listenerId");

  private final Changes changes;

  Listeners(Changes changes) {
    this.changes = changes;
  }

  /** A user's listeners on a runner, the newest first. */
  @Transactional
  public List<ListenerRow> of(RunnerId runner, UserId user) {
    return list("runnerId = ?1 and userId = ?2", NEWEST_FIRST, runner.value(), user.value());
  }

  /** A user's listeners for a type on a runner, the newest first. */
  @Transactional
  public List<ListenerRow> of(RunnerId runner, UserId user, String triggerType) {
    return list(
        "runnerId = ?1 and userId = ?2 and triggerType = ?3",
        NEWEST_FIRST,
        runner.value(),
        user.value(),
        triggerType);
  }

  /** A user's listeners on every runner, the newest first. */
  @Transactional
  public List<ListenerRow> of(UserId user) {
    return list("userId", NEWEST_FIRST, user.value());
  }

  /** The user's listener of that id. */
  @Transactional
  public Optional<ListenerRow> find(ListenerId id, UserId user) {
    return find("listenerId = ?1 and userId = ?2", id.value(), user.value()).firstResultOptional();
  }

  /** Adds a listener. */
  @Transactional
  public ListenerRow add(
      RunnerId runner, UserId user, String triggerType, ListenerSettings settings) {
    changes.lock(runner);
    Instant now = Instant.now();
    ListenerRow row = new ListenerRow();
    row.listenerId = ListenerId.next(runner, triggerType, now).value();
    row.userId = user.value();
    row.runnerId = runner.value();
    row.triggerType = triggerType;
    row.take(settings.forCreation());
    row.createdAt = now;
    row.updatedAt = now;
    persist(row);
    say(row, Action.SUBSCRIBE, row.toSubscription());
    return row;
  }

  /** Changes the parts that are there; empty when the listener is gone. */
  @Transactional
  public Optional<ListenerRow> change(ListenerRow stale, ListenerSettings settings) {
    changes.lock(stale.runnerId());
    Optional<ListenerRow> found = findByIdOptional(stale.listenerId);
    found.ifPresent(
        row -> {
          row.take(settings);
          row.updatedAt = Instant.now();
          say(row, Action.UPDATE, row.toSubscription());
        });
    return found;
  }

  /** Removes a listener; false when it was gone already. */
  @Transactional
  public boolean remove(ListenerRow stale) {
    changes.lock(stale.runnerId());
    boolean removed = deleteById(stale.listenerId);
    if (removed) {
      ObjectNode subscription = stale.toSubscription();
      subscription.remove("params");
      say(stale, Action.UNSUBSCRIBE, subscription);
    }
    return removed;
  }

  private void say(ListenerRow row, Action action, ObjectNode subscription) {
    changes.say(
        new SubscriptionChanged(
            row.runnerId(),
            row.userId(),
            action,
            row.triggerType(),
            null,
            new JsonText(StoredJson.text(subscription)),
            Instant.now()));
  }
}
