package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Part;
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
    crash("runner-gateway-1", new Load.Size(4, 1, 5, TRIGGERS, 0), round);
  }

  @ParameterizedTest
  @MethodSource("webhookCrashes")
  void aPartCrashesUnderWebhooks(String name, int round) {
    crash(name, new Load.Size(1, 1, 5, 0, FIRES), round);
  }

  private void crash(String name, Load.Size size, int round) {
    Part part = part(name);
    String calls =
        size.triggers() > 0 ? size.triggers() + " triggers/s" : size.fires() + " webhooks/s";
    try (Load load = Load.through(suite, me, size)) {
      survive(
          "crash of " + name + " under " + calls + ", round " + round,
          load,
          () -> {
            load.awaitAccepted(size.triggers() * SECONDS, size.fires() * SECONDS);
            crashOf(part).happen();
          });
    }
  }
}
