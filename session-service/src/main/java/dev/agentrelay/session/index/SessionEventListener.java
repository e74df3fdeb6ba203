package dev.agentrelay.session.index;

import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.platform.event.EventIntake;
import dev.agentrelay.session.snapshot.SnapshotKeeper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code relay.sessions} into the table of sessions and the store of their last states. */
@ApplicationScoped
class SessionEventListener {
  private final EventIntake intake;
  private final SessionIndex index;
  private final SnapshotKeeper snapshots;

  SessionEventListener(EventIntake intake, SessionIndex index, SnapshotKeeper snapshots) {
    this.intake = intake;
    this.index = index;
    this.snapshots = snapshots;
  }

  @Incoming("sessions")
  Uni<Void> onEvent(String text) {
    return intake.take(text, SessionEvent.class, this::apply);
  }

  private void apply(SessionEvent event) {
    index.apply(event);
    snapshots.onEvent(event);
  }
}
