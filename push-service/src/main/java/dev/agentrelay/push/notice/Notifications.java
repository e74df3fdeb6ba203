package dev.agentrelay.push.notice;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.Onlookers;
import dev.agentrelay.push.PushConfig;
import dev.agentrelay.push.answer.PendingQuestions;
import dev.agentrelay.push.delivery.Channel;
import dev.agentrelay.push.delivery.Courier;
import dev.agentrelay.push.delivery.Deliveries;
import dev.agentrelay.push.delivery.Destination;
import dev.agentrelay.push.notification.Notification;
import dev.agentrelay.push.notification.NotificationType;
import dev.agentrelay.push.ntfy.NativeRegistrations;
import dev.agentrelay.push.ntfy.NativeRegistrations.Registration;
import dev.agentrelay.push.subscription.SubscriptionRow;
import dev.agentrelay.push.subscription.Subscriptions;
import dev.agentrelay.push.web.BrowserEncryption;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Decides who is told of a notice, and who not and why (rest.md 6.4). Blocks. */
@ApplicationScoped
public class Notifications {
  private static final Logger LOG = Logger.getLogger(Notifications.class);
  private static final Duration REDIS_TIMEOUT = Duration.ofSeconds(1);
  private static final String NTFY = "ntfy";
  private static final String CHILD = "a linked child's parent is told instead";
  private static final String WATCHED = "somebody watches the session";
  private static final String FILTERED = "the subscription does not want this event";

  private final PendingQuestions questions;
  private final LiveStateReader live;
  private final Subscriptions subscriptions;
  private final NativeRegistrations registrations;
  private final BrowserEncryption encryption;
  private final Deliveries deliveries;
  private final Courier courier;
  private final boolean hasNtfy;

  /** Who looks on at the moment of a notice, as far as that is known. */
  private record Situation(boolean linkedChild, Onlookers onlookers) {}

  Notifications(
      PendingQuestions questions,
      LiveStateReader live,
      Subscriptions subscriptions,
      NativeRegistrations registrations,
      BrowserEncryption encryption,
      Deliveries deliveries,
      Courier courier,
      PushConfig config) {
    this.questions = questions;
    this.live = live;
    this.subscriptions = subscriptions;
    this.registrations = registrations;
    this.encryption = encryption;
    this.deliveries = deliveries;
    this.courier = courier;
    this.hasNtfy = config.ntfy().url().isPresent();
  }

  /** Takes one notice; the same again changes nothing. */
  public void take(AgentNotice notice) {
    try {
      note(notice);
    } finally {
      // people hear of it though Redis is away; a notice that failed comes again
      Notification.of(notice).ifPresent(this::tell);
    }
  }

  private void note(AgentNotice notice) {
    switch (notice) {
      case AgentNotice.Asked asked when asked.toolCallId() != null ->
          questions.ask(asked.about().sessionId(), asked.toolCallId());
      case AgentNotice.Settled settled ->
          questions.settle(settled.about().sessionId(), settled.toolCallId());
      default -> {}
    }
  }

  private void tell(Notification notification) {
    Situation situation = situation(notification.about());
    List<SubscriptionRow> browsers = subscriptions.of(notification.about().userId());
    Optional<Registration> device =
        hasNtfy ? registrations.of(notification.about().userId()) : Optional.empty();
    if (browsers.isEmpty() && device.isEmpty()) {
      deliveries.add(notification, List.of(Destination.nobody()));
      return;
    }
    NotificationType type = notification.type();
    List<Destination> destinations = new ArrayList<>();
    browsers.forEach(browser -> destinations.add(browser(type, browser, situation)));
    device.ifPresent(registration -> destinations.add(device(type, registration, situation)));
    deliveries.add(notification, destinations);
    courier.wake();
  }

  /**
   * A tab that is open, though hidden, notifies by itself. A browser that could read nothing is
   * forgotten even when it is not told (rest.md 6.4).
   */
  private Destination browser(NotificationType type, SubscriptionRow browser, Situation situation) {
    String target = browser.id().toString();
    String provider = browser.provider();
    if (!encryption.isPossibleFor(browser)) {
      subscriptions.forget(browser.id());
      return Destination.failed(Channel.WEB, target, provider, BrowserEncryption.UNREADABLE_KEYS);
    }
    if (!type.isIn(browser.enabledEvents())) {
      return Destination.suppressed(Channel.WEB, target, provider, FILTERED);
    }
    if (situation.linkedChild()) {
      return Destination.suppressed(Channel.WEB, target, provider, CHILD);
    }
    if (situation.onlookers().watched()) {
      return Destination.suppressed(Channel.WEB, target, provider, WATCHED);
    }
    return Destination.told(Channel.WEB, target, provider);
  }

  /** A phone stays quiet only for somebody who has the session before his eyes. */
  private static Destination device(
      NotificationType type, Registration device, Situation situation) {
    String target = device.topic();
    if (type == NotificationType.AGENT_ERROR) {
      return Destination.suppressed(Channel.NTFY, target, NTFY, FILTERED);
    }
    if (situation.linkedChild() && device.suppressesChildren()) {
      return Destination.suppressed(Channel.NTFY, target, NTFY, CHILD);
    }
    if (situation.onlookers().visible()) {
      return Destination.suppressed(Channel.NTFY, target, NTFY, WATCHED);
    }
    return Destination.told(Channel.NTFY, target, NTFY);
  }

  /** Unknown onlookers are none, so that nobody is left untold; an unknown child stays one. */
  private Situation situation(About about) {
    try {
      Onlookers onlookers = live.onlookers(about.sessionId()).await().atMost(REDIS_TIMEOUT);
      boolean child =
          about.parentSessionId() != null
              && live.isLinkedChild(about.parentSessionId(), about.sessionId())
                  .await()
                  .atMost(REDIS_TIMEOUT);
      return new Situation(child, onlookers);
    } catch (RuntimeException redisAway) {
      LOG.warnf(
          "it is not known who watches session %s: %s", about.sessionId(), redisAway.getMessage());
      return new Situation(about.parentSessionId() != null, Onlookers.NOBODY);
    }
  }
}
