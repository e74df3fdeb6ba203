package dev.agentrelay.e2e.drills;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Received;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts that live and say nothing. */
@Tag("drill")
class SilenceDrillsIT extends Drill {
  private static final Duration PAUSE = Duration.ofSeconds(40);

  /**
   * {@code pingInterval} and {@code pingTimeout} of sockets.md 1.1, and what a busy machine adds.
   */
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(30 + 60 + 15);

  static IntStream rounds() {
    return Drill.rounds();
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void aPausedGatewayGoesOnWithItsClients(int round) {
    Part gateway = part("runner-gateway-1");
    try (Load load =
        new Load(suite, me, Load.Size.ORDINARY, suite.gatewayA().url(), suite.gatewayB().url())) {
      survive("pause of a gateway, round " + round, load, () -> pause(gateway));
    }
  }

  /** Its workers have gone to another meanwhile, so what it still had from them is refused. */
  @ParameterizedTest
  @MethodSource("rounds")
  void aPausedGatewayIsTooLate(int round) throws Exception {
    Part gateway = part("runner-gateway-1");
    try (Network network = new Network(suite.gatewayA().url());
        Load load =
            new Load(suite, me, Load.Size.ORDINARY, network.url(), suite.gatewayB().url())) {
      survive(
          "pause of a gateway that its workers leave, round " + round,
          load,
          () -> {
            gateway.pause();
            try {
              awaitMoreSaid(load);
              network.leadTo(suite.gatewayB().url());
              load.awaitFlow();
              pass(PAUSE);
            } finally {
              gateway.resume();
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("rounds")
  void aNetworkThatSwallowsIsNoticed(int round) throws Exception {
    try (Network network = new Network(suite.edge());
        Load load = new Load(suite, me, Load.Size.ORDINARY, network.url(), network.url())) {
      survive(
          "half-open network, round " + round,
          load,
          () -> {
            network.swallow();
            load.workers.forEach(worker -> awaitLoss(worker.socket().inbox()));
            load.viewers.forEach(viewer -> awaitLoss(viewer.socket().inbox()));
            awaitLoss(load.runner.inbox());
          });
    }
  }

  private static void pause(Part gateway) {
    gateway.pause();
    try {
      pass(PAUSE);
    } finally {
      gateway.resume();
    }
  }

  /** Events that reach the paused gateway's machine, and wait there. */
  private static void awaitMoreSaid(Load load) {
    int said = load.workers.getFirst().said();
    await().until(() -> load.workers.getFirst().said() > said + Load.Size.ORDINARY.events());
  }

  private static void awaitLoss(Inbox<Received> inbox) {
    inbox.await(received -> received.is("disconnect"), NOTICED_WITHIN);
  }
}
