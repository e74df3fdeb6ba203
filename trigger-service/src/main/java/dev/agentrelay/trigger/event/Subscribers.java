package dev.agentrelay.trigger.event;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.trigger.delivery.DeliverAs;
import dev.agentrelay.trigger.delivery.ModeScope;
import dev.agentrelay.trigger.event.Events.Destination;
import dev.agentrelay.trigger.listener.ListenerRow;
import dev.agentrelay.trigger.listener.Listeners;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.subscription.SubscriptionRow;
import dev.agentrelay.trigger.subscription.Subscriptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds who wants an event that names nobody. */
@ApplicationScoped
class Subscribers {
  private final LiveState live;
  private final Subscriptions subscriptions;
  private final Listeners listeners;
  private final ModeScope modes;

  Subscribers(LiveState live, Subscriptions subscriptions, Listeners listeners, ModeScope modes) {
    this.live = live;
    this.subscriptions = subscriptions;
    this.listeners = listeners;
    this.modes = modes;
  }

  /** Every session of the user once, then every listener, that wants the payload. */
  List<Destination> of(UserId user, EventRequest request) {
    Map<SessionId, Destination> sessions = new LinkedHashMap<>();
    for (SubscriptionRow row : inMode(user, request.type(), wanting(user, request))) {
      String deliverAs = DeliverAs.ofWireName(row.deliverAs()).wireName();
      sessions.putIfAbsent(
          row.sessionId(), new Destination(row.sessionId().value(), null, deliverAs));
    }
    List<Destination> destinations = new ArrayList<>(sessions.values());
    for (ListenerRow row : listeners.of(user)) {
      if (row.triggerType().equals(request.type()) && row.wants(request.payload())) {
        destinations.add(new Destination(null, row.id().value(), DeliverAs.FOLLOW_UP.wireName()));
      }
    }
    return destinations;
  }

  private List<SubscriptionRow> wanting(UserId user, EventRequest request) {
    return subscriptions.ofUser(user, request.type()).stream()
        .filter(row -> row.wants(request.payload()))
        .toList();
  }

  /** What a runner that is away means by the type is not known, so its sessions are told. */
  private List<SubscriptionRow> inMode(UserId user, String type, List<SubscriptionRow> rows) {
    Map<RunnerId, List<SubscriptionRow>> byRunner =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    SubscriptionRow::runnerId, LinkedHashMap::new, Collectors.toList()));
    List<SubscriptionRow> kept = new ArrayList<>();
    byRunner.forEach(
        (id, ofRunner) -> {
          List<SessionId> sessions = ofRunner.stream().map(SubscriptionRow::sessionId).toList();
          List<SessionId> inMode =
              live.runner(id, user)
                  .map(runner -> modes.of(runner, user, type, sessions))
                  .orElse(sessions);
          ofRunner.stream().filter(row -> inMode.contains(row.sessionId())).forEach(kept::add);
        });
    return kept;
  }
}
