package dev.agentrelay.platform.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedClockTest {
  private static final Instant START = Instant.parse("2030-01-02T03:04:05Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private Instant own = START;
  private long steadyNanos = 7_000_000_000L;
  private final SharedClock clock = new SharedClock(() -> own, () -> steadyNanos);

  @Test
  void untilItIsToldTheTimeItIsThatOfItsMachine() {
    assertThat(clock.instant()).isEqualTo(START);
    pass(Duration.ofSeconds(3));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(3));
  }

  @Test
  void whoSetsTheMachinesClockDoesNotSetThisOne() {
    own = START.plus(HOUR);
    pass(Duration.ofSeconds(1));
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
    own = START.minus(HOUR);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
    assertThat(clock.ownAhead()).isEqualTo(HOUR.plusSeconds(1).negated());
  }

  @Test
  void twoMachinesThatAskedTheSameHaveTheSameTime() {
    SharedClock wrong = new SharedClock(() -> own.plus(HOUR), () -> steadyNanos - 1);
    long asked = steadyNanos;
    pass(Duration.ofMillis(10));
    Instant there = START.minus(HOUR);
    clock.learn(asked, there.toEpochMilli());
    wrong.learn(asked - 1, there.toEpochMilli());
    assertThat(wrong.instant()).isEqualTo(clock.instant()).isEqualTo(there.plusMillis(5));
    assertThat(wrong.ownAhead()).isEqualTo(HOUR.multipliedBy(2).plusMillis(5));
  }

  /** Otherwise it would move to and fro with the way that each answer takes. */
  @Test
  void anAnswerThatFitsChangesNothing() {
    long asked = steadyNanos;
    pass(Duration.ofMillis(100));
    clock.learn(asked, START.plusMillis(30).toEpochMilli());
    assertThat(clock.instant()).isEqualTo(START.plusMillis(100));
  }

  /** It was on its way while the process stood still, say. */
  @Test
  void anAnswerThatTookLongIsNotBelieved() {
    long asked = steadyNanos;
    pass(Duration.ofSeconds(2));
    clock.learn(asked, START.plus(HOUR).toEpochMilli());
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(2));
  }

  private void pass(Duration time) {
    own = own.plus(time);
    steadyNanos += time.toNanos();
  }
}
