package dev.agentrelay.trigger.delivery;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.delivery.UnfinishedFires.Fire;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.subscription.SubscriptionRow;
import dev.agentrelay.trigger.subscription.Subscriptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Tells everybody who subscribed to a type on a runner, and starts what listens for it. */
@ApplicationScoped
public class Broadcasts {

  private final ModeScope modes;
  private final Subscriptions subscriptions;
  private final Listeners listeners;
  private final Deliveries deliveries;
  private final ListenerSpawns spawns;
  private final TriggerConfig config;

  Broadcasts(
      ModeScope modes,
      Subscriptions subscriptions,
      Listeners listeners,
      Deliveries deliveries,
      ListenerSpawns spawns,
      TriggerConfig config) {
    this.modes = modes;
    this.subscriptions = subscriptions;
    this.listeners = listeners;
    this.deliveries = deliveries;
    this.spawns = spawns;
    this.config = config;
  }

  /** How many sessions have it, and how many were started for it. */
  public record Reached(String triggerId, long delivered, long spawned) {}

  /**
   * Delivers to each session once, whatever number of its subscriptions match, and starts sessions
   * for listeners meanwhile.
   *
   * @throws RelayException 503 when of no delivery anything is known
   */
  public Reached send(LiveRunner runner, UserId user, Fire fire) {
    Trigger trigger = fire.trigger();
    if (!PathIds.isStorable(trigger.type())) {
      return new Reached(trigger.id(), 0, 0);
    }
    List<SessionId> sessions = sessionsThatWant(runner, user, trigger);
    List<ListenerRow> matching =
        listeners.of(runner.runnerId(), user, trigger.type()).stream()
            .filter(listener -> listener.wants(trigger.payload()))
            .toList();
    AtomicBoolean unknown = new AtomicBoolean();
    List<Supplier<Long>> both =
        List.of(() -> deliver(user, sessions, trigger, unknown), () -> spawn(matching, fire));
    List<Long> counts = Parallel.map(both, both.size(), Supplier::get);
    Reached reached = new Reached(trigger.id(), counts.getFirst(), counts.getLast());
    if (unknown.get() && reached.delivered() + reached.spawned() == 0) {
      throw RelayException.unavailable();
    }
    return reached;
  }

  private long deliver(
      UserId user, List<SessionId> sessions, Trigger trigger, AtomicBoolean unknown) {
    List<Optional<CommandAnswer>> answers = deliveries.deliverToAll(user, sessions, trigger);
    unknown.set(answers.stream().anyMatch(Optional::isEmpty));
    return answers.stream().flatMap(Optional::stream).filter(CommandAnswer::isDelivered).count();
  }

  private long spawn(List<ListenerRow> matching, Fire fire) {
    return Parallel.map(
            matching,
            config.spawn().atOnce(),
            listener -> spawns.fire(listener, fire.trigger(), fire.attempt()))
        .stream()
        .flatMap(Optional::stream)
        .count();
  }

  private List<SessionId> sessionsThatWant(LiveRunner runner, UserId user, Trigger trigger) {
    List<SessionId> wanting =
        subscriptions.ofRunner(runner.runnerId(), user, trigger.type()).stream()
            .filter(row -> row.wants(trigger.payload()))
            .map(SubscriptionRow::sessionId)
            .distinct()
            .toList();
    return modes.of(runner, user, trigger.type(), wanting);
  }
}
