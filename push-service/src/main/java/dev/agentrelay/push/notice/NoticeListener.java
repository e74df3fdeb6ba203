package dev.agentrelay.push.notice;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.platform.event.EventIntake;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code relay.notices}. */
@ApplicationScoped
class NoticeListener {
  private final EventIntake intake;
  private final Notifications notifications;

  NoticeListener(EventIntake intake, Notifications notifications) {
    this.intake = intake;
    this.notifications = notifications;
  }

  @Incoming("notices")
  Uni<Void> onNotice(String text) {
    return intake.take(text, AgentNotice.class, notifications::take);
  }
}
