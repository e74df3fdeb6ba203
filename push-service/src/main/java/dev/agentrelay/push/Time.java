package dev.agentrelay.push;

import dev.agentrelay.platform.time.SharedClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.InstantSource;

/** The clock that deliveries go by. */
class Time {
  @Produces
  @ApplicationScoped
  InstantSource clock(SharedClock shared) {
    return shared;
  }
}
