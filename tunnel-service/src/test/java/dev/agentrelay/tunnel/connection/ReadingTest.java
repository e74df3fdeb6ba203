package dev.agentrelay.tunnel.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When a runner's socket is read, whatever order its streams' words come in. */
class ReadingTest {
  private static final int LIMIT = 10;

  private final Deque<Runnable> eventLoop = new ArrayDeque<>();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final Reading reading =
      new Reading(eventLoop::add, () -> paused.set(true), () -> paused.set(false));
  private int waiting;

  @Test
  void nothingIsReadWhileAStreamIsSlow() {
    waiting = LIMIT + 1;
    hold("1");
    assertThat(isPausedNow()).isTrue();
    waiting = 0;
    release("1");
    assertThat(isPausedNow()).isFalse();
  }

  @Test
  void allStreamsHaveToBeFastAgain() {
    waiting = LIMIT + 1;
    hold("1");
    hold("2");
    assertThat(isPausedNow()).isTrue();
    waiting = 0;
    release("1");
    assertThat(isPausedNow()).isTrue();
    release("2");
    assertThat(isPausedNow()).isFalse();
  }

  @Test
  void aHoldThatItsReleaseHasOvertakenStopsNothing() {
    waiting = 0; // all has gone out before the hold was even said
    release("1");
    hold("1");
    assertThat(isPausedNow()).isFalse();
  }

  @Test
  void aReleaseThatTheNextHoldHasOvertakenFreesNothing() {
    waiting = LIMIT + 1;
    hold("1");
    hold("1"); // the next, said before the release of the first
    release("1");
    assertThat(isPausedNow()).isTrue();
  }

  private void hold(String stream) {
    reading.hold(stream, () -> waiting > LIMIT / 2);
  }

  private void release(String stream) {
    reading.release(stream, () -> waiting <= LIMIT);
  }

  private boolean isPausedNow() {
    while (!eventLoop.isEmpty()) {
      eventLoop.remove().run();
    }
    return paused.get();
  }
}
