package dev.agentrelay.platform.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves when it is told to. */
final class TestingClock implements InstantSource {
  private volatile Instant now = Instant.now();

  @Override
  public Instant instant() {
    return now;
  }

  synchronized void advance(Duration time) {
    now = now.plus(time);
  }
}
