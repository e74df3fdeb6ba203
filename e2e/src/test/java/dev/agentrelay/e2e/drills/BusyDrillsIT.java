package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Part;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Crashes under many triggers or webhooks a second: none is lost, none comes twice. */
@Tag("drill")
class BusyDrillsIT extends Drill {
  private static final int TRIGGERS = Integer.getInteger("drills.triggers", 200);
  private static final int FIRES = Integer.getInteger("drills.fires", 50);
  private static final int SECONDS = 5;
  private static final int CRASHES = Integer.getInteger("drills.crashes", 3);

  static IntStream rounds() {
    return Drill.rounds();
  }

  static Stream<Arguments> webhookCrashes() {
    return Drill.rounds()
        .boxed()
        .flatMap(
            round ->
                Stream.of("webhook-service-1", "runner-gateway-1", "kafka")
                    .map(part -> Arguments.of(part, round)));
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void aGatewayCrashesUnderTriggers(int round) {
    Part part = part("runner-gateway-1");
    try (Load load = Load.through(suite, me, new Load.Size(4, 1, 5, TRIGGERS, 0, 0))) {
      survive(
          "crash of a gateway under " + TRIGGERS + " triggers/s, round " + round,
          load,
          () -> {
            load.awaitAccepted(TRIGGERS * SECONDS, 0);
            crashOf(part).happen();
          });
    }
  }

  /** Several times, each at any moment of a second in which webhooks are fired. */
  @ParameterizedTest
  @MethodSource("webhookCrashes")
  void aPartCrashesUnderWebhooks(String name, int round) {
    Part part = part(name);
    Random moments = new Random(round);
    try (Load load = Load.through(suite, me, new Load.Size(1, 1, 5, 0, FIRES, 0))) {
      survive(
          CRASHES + " crashes of " + name + " under " + FIRES + " webhooks/s, round " + round,
          load,
          () -> {
            load.awaitAccepted(0, FIRES * SECONDS);
            for (int crash = 0; crash < CRASHES; crash++) {
              load.awaitMoreFires(1 + moments.nextInt(FIRES));
              crashOf(part).happen();
            }
          });
    }
  }
}
