package dev.agentrelay.e2e.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The same frames and numbers when agents and people are on different replicas. */
class WorkedExampleAcrossReplicasIT extends WorkedExample {
  WorkedExampleAcrossReplicasIT() {
    super(suite -> suite.gatewayA().url(), suite -> suite.gatewayB().url());
  }

  /** Between namespaces no order is promised here; each keeps its own. */
  @Override
  void assertHeartbeatOrder(List<String> events) {
    assertThat(events).contains("event").containsSubsequence("state_snapshot", "session_status");
  }
}
