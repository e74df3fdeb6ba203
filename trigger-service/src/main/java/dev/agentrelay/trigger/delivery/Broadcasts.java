package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.catalog.Catalogue;
import dev.agentrelay.trigger.catalog.Catalogues;
import dev.agentrelay.trigger.catalog.TriggerDefinition;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.subscription.SubscriptionRow;
import dev.agentrelay.trigger.subscription.Subscriptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Tells everybody who subscribed to a type on a runner, and starts what listens for it. */
@ApplicationScoped
public class Broadcasts {
  private final LiveState live;
  private final Catalogues catalogues;
  private final Subscriptions subscriptions;
  private final Listeners listeners;
  private final Deliveries deliveries;
  private final ListenerSpawns spawns;
  private final TriggerConfig config;

  Broadcasts(
      LiveState live,
      Catalogues catalogues,
      Subscriptions subscriptions,
      Listeners listeners,
      Deliveries deliveries,
      ListenerSpawns spawns,
      TriggerConfig config) {
    this.live = live;
    this.catalogues = catalogues;
    this.subscriptions = subscriptions;
    this.listeners = listeners;
    this.deliveries = deliveries;
    this.spawns = spawns;
    this.config = config;
  }

  /** How many sessions have it, and how many were started for it. */
  public record Reached(long delivered, long spawned) {}

  /**
   * Delivers to each session once, whatever number of its subscriptions match.
   *
   * @throws RelayException 503 when of no delivery anything is known
   */
  public Reached send(LiveRunner runner, UserId user, Trigger trigger) {
    if (!PathIds.isStorable(trigger.type())) {
      return new Reached(0, 0);
    }
    AtomicReference<@Nullable RelayException> unknown = new AtomicReference<>();
    List<SessionId> sessions = sessionsThatWant(runner, user, trigger.type(), trigger.payload());
    long delivered =
        count(
            Parallel.map(
                sessions,
                config.delivery().atOnce(),
                session -> isDelivered(user, session, trigger, unknown)));
    List<ListenerRow> matching =
        listeners.of(runner.runnerId(), user, trigger.type()).stream()
            .filter(listener -> listener.wants(trigger.payload()))
            .toList();
    long spawned =
        count(
            Parallel.map(
                matching,
                config.spawn().atOnce(),
                listener -> spawns.fire(listener, trigger).isPresent()));
    RelayException failure = unknown.get();
    if (failure != null && delivered + spawned == 0) {
      throw failure;
    }
    return new Reached(delivered, spawned);
  }

  private List<SessionId> sessionsThatWant(
      LiveRunner runner, UserId user, String type, ObjectNode payload) {
    Optional<Catalogue> catalogue = catalogues.of(runner);
    Optional<TriggerDefinition> scoped =
        catalogue
            .flatMap(found -> found.definition(type))
            .filter(definition -> !definition.modes().isEmpty());
    return subscriptions.ofRunner(runner.runnerId(), type).stream()
        .filter(row -> row.userId().equals(user) && row.wants(payload))
        .map(SubscriptionRow::sessionId)
        .distinct()
        .filter(
            session ->
                scoped.isEmpty()
                    || live.session(session, user)
                        .map(LiveSession::cwd)
                        .filter(cwd -> catalogue.get().allows(scoped.get(), cwd))
                        .isPresent())
        .toList();
  }

  private boolean isDelivered(
      UserId user,
      SessionId session,
      Trigger trigger,
      AtomicReference<@Nullable RelayException> unknown) {
    String id = session.value();
    String historyId = trigger.id() + "_" + id.substring(0, Math.min(8, id.length()));
    try {
      return deliveries.deliver(user, session, trigger, historyId, Duration.ZERO).isDelivered();
    } catch (RelayException failure) {
      unknown.set(failure);
      return false;
    }
  }

  private static long count(List<Boolean> outcomes) {
    return outcomes.stream().filter(Boolean::booleanValue).count();
  }
}
