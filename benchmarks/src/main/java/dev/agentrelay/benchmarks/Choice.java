package dev.agentrelay.benchmarks;

import dev.agentrelay.benchmarks.scenario.FanOut;
import dev.agentrelay.benchmarks.scenario.HubSockets;
import dev.agentrelay.benchmarks.scenario.QuietLatency;
import dev.agentrelay.benchmarks.scenario.SaturatedSessions;
import dev.agentrelay.benchmarks.scenario.Scenario;
import dev.agentrelay.benchmarks.scenario.TwoReplicas;
import java.util.Locale;

/** The scenarios by the names that {@code --only} knows. */
enum Choice {
  LIVE(new SaturatedSessions()),
  FAN_OUT(new FanOut()),
  LATENCY(new QuietLatency()),
  REPLICAS(new TwoReplicas()),
  HUB(new HubSockets());

  private final Scenario scenario;

  Choice(Scenario scenario) {
    this.scenario = scenario;
  }

  Scenario scenario() {
    return scenario;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
