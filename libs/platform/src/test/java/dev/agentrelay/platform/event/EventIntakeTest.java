package dev.agentrelay.platform.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.platform.error.StoreAwayException;
import io.smallrye.mutiny.Uni;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of an event that cannot be stored. */
class EventIntakeTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** More often than anything but a store is tried again. */
  private static final int VERY_OFTEN = 300;

  private final EventIntake intake =
      new EventIntake(new ObjectMapper(), Duration.ofMillis(1), Duration.ofMillis(1));

  private final AtomicInteger attempts = new AtomicInteger();

  @Test
  void aStoreThatIsAwayOrFullIsWaitedFor() {
    RuntimeException away = new UncheckedIOException(new StoreAwayException("away"));
    RuntimeException full = new IllegalStateException(new SQLException("no room", "53100"));
    await(
        intake.store(
            "test",
            () -> {
              if (attempts.incrementAndGet() <= VERY_OFTEN) {
                throw attempts.get() % 2 == 0 ? away : full;
              }
            }));
    assertThat(attempts).hasValue(VERY_OFTEN + 1);
  }

  @Test
  void aFaultOfOursIsNotTriedForEver() {
    Uni<Void> failing = intake.take("1", Integer.class, each -> fail(new IllegalStateException()));
    assertThatThrownBy(() -> await(failing)).isInstanceOf(IllegalStateException.class);
    assertThat(attempts).hasValueGreaterThan(1).hasValueLessThan(VERY_OFTEN);
  }

  @Test
  void whatAStoreForbidsIsLeftOut() {
    RuntimeException forbidden = new IllegalStateException(new SQLException("a zero", "22021"));
    await(intake.take("1", Integer.class, each -> fail(forbidden)));
    assertThat(attempts).hasValue(1);
  }

  @Test
  void whatCannotBeReadIsLeftOut() {
    await(intake.take("no number", Integer.class, each -> fail(new IllegalStateException())));
    assertThat(attempts).hasValue(0);
  }

  private void fail(RuntimeException failure) {
    attempts.incrementAndGet();
    throw failure;
  }

  private static void await(Uni<Void> intake) {
    intake.await().atMost(LIMIT);
  }
}
