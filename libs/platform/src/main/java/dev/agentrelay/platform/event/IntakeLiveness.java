package dev.agentrelay.platform.event;

import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Lets whoever watches this process restart it when a store is away for it alone, so that another
 * replica takes over what it reads. Left alone it goes on by itself once the store is back.
 */
@Liveness
class IntakeLiveness implements HealthCheck {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final EventIntake intake;

  IntakeLiveness(EventIntake intake) {
    this.intake = intake;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("events are stored")
        .status(intake.longestWait().compareTo(PATIENCE) < 0)
        .build();
  }
}
