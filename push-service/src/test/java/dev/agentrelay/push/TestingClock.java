package dev.agentrelay.push;

import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The real clock, and as much ahead of it as a test wants. Thread-safe. */
@Mock
@ApplicationScoped
class TestingClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  synchronized void advance(Duration step) {
    ahead = ahead.plus(step);
  }

  void reset() {
    ahead = Duration.ZERO;
  }
}
