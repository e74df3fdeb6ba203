package dev.agentrelay.e2e.drills;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.testkit.clients.RelayRequestException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The faults that happen most. */
@Tag("drill")
class QuickDrillsIT extends Drill {
  private static final Duration ACCOUNTS_WITHIN = Duration.ofSeconds(30);

  static IntStream rounds() {
    return Drill.rounds();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void aGatewayCrashes(int round) {
    Part gateway = part("runner-gateway-1");
    survive("crash of a gateway, round " + round, gateway::kill);
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void redisComesBackEmpty(int round) {
    survive("Redis comes back empty, round " + round, lossOf(part("redis")));
  }

  /** Topics, offsets and what was on its way; a caller who was told nothing asks again. */
  @ParameterizedTest
  @MethodSource("rounds")
  void kafkaComesBackEmpty(int round) {
    survive("Kafka comes back empty, round " + round, lossOf(part("kafka")));
  }

  /**
   * What was written since is lost, as of any backup; whoever is connected goes on, and what is
   * said from now on is kept.
   */
  @ParameterizedTest
  @MethodSource("rounds")
  void postgresComesBackFromABackup(int round) {
    Part postgres = part("postgres");
    try (Load load = Load.through(suite, me, Load.Size.WITHOUT_CALLS)) {
      // a copy as of a crash: asked to end, it would wait for everybody to leave
      postgres.kill();
      postgres.backUp();
      postgres.start();
      survive(
          "Postgres comes back from a backup, round " + round,
          load,
          () -> {
            postgres.kill();
            postgres.forget();
            postgres.restore();
            postgres.start();
            awaitAccounts();
          });
    }
  }

  private void awaitAccounts() {
    await("accounts are made again")
        .atMost(ACCOUNTS_WITHIN)
        .ignoreExceptionsInstanceOf(RelayRequestException.class)
        .until(() -> !suite.newAccount().email().isEmpty());
  }

  private static Fault lossOf(Part store) {
    return () -> {
      store.kill();
      store.forget();
      store.start();
    };
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void everyServiceIsDeployedAnew(int round) {
    List<String> services =
        Arrays.stream(Service.values())
            .flatMap(each -> Stream.of(each.module() + "-1", each.module() + "-2"))
            .toList();
    survive(
        "rolling restart, round " + round,
        () ->
            services.stream()
                .map(this::part)
                .forEach(
                    part -> {
                      part.terminate();
                      part.start();
                    }));
  }
}
