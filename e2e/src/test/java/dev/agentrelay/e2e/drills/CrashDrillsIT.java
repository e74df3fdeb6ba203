package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Part;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each process of the suite crashes in turn, and comes back with what it had written. */
@Tag("drill")
class CrashDrillsIT extends Drill {
  private static final List<String> PARTS =
      List.of(
          "runner-gateway-1",
          "runner-gateway-2",
          "auth-service-1",
          "session-service-1",
          "trigger-service-1",
          "webhook-service-1",
          "push-service-1",
          "tunnel-service-1",
          "redis",
          "kafka",
          "postgres");

  static Stream<Arguments> crashes() {
    return rounds().boxed().flatMap(round -> PARTS.stream().map(part -> Arguments.of(part, round)));
  }

  @ParameterizedTest
  @MethodSource("crashes")
  void aPartCrashesAndComesBack(String name, int round) {
    Part part = part(name);
    survive("crash of " + name + ", round " + round, crashOf(part));
  }
}
