package dev.agentrelay.e2e.drills;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentrelay.e2e.suite.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The clock of one machine is set while the relay runs: further than a command may wait, an
 * identity is believed or an ephemeral session lives. Needs Debian's package {@code faketime}.
 */
@Tag("drill")
class ClockDrillsIT extends Drill {
  private static final List<String> PARTS =
      List.of("runner-gateway-1", "auth-service-1", "trigger-service-1", "webhook-service-1");
  private static final List<Duration> MOVES =
      List.of(Duration.ofMinutes(30), Duration.ofMinutes(-30));
  private static final Duration WRONG_FOR = Duration.ofSeconds(40);

  static Stream<Arguments> moves() {
    return rounds()
        .boxed()
        .flatMap(
            round ->
                PARTS.stream()
                    .flatMap(part -> MOVES.stream().map(by -> Arguments.of(part, by, round))));
  }

  @ParameterizedTest
  @MethodSource("moves")
  void aClockIsMoved(String name, Duration by, int round) throws IOException {
    assumeTrue(MovableClock.library().isPresent(), "faketime is not installed");
    Part part = part(name);
    try (MovableClock clock = MovableClock.of(suite, part)) {
      survive(
          "clock of " + name + " moved by " + by + ", round " + round,
          () -> {
            clock.move(by);
            pass(WRONG_FOR);
          });
    }
  }
}
