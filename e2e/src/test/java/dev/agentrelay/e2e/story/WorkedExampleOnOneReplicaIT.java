package dev.agentrelay.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The example as it was recorded: everybody on one server. */
class WorkedExampleOnOneReplicaIT extends WorkedExample {
  WorkedExampleOnOneReplicaIT() {
    super(suite -> suite.gatewayA().url(), suite -> suite.gatewayA().url());
  }

  /** For each heartbeat hub state, hub status if it changed, then the viewers (4.4.3). */
  @Override
  void assertHeartbeatOrder(List<String> events) {
    assertThat(events)
        .containsExactly(
            "event",
            "state_snapshot",
            "session_status",
            "event",
            "meta_event",
            "state_snapshot",
            "event");
  }
}
