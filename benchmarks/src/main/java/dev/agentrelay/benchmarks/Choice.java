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
  LIVE,
  FAN_OUT,
  LATENCY,
  REPLICAS,
  HUB;

  Scenario scenario() {
    return switch (this) {
      case LIVE -> new SaturatedSessions();
      case FAN_OUT -> new FanOut();
      case LATENCY -> new QuietLatency();
      case REPLICAS -> new TwoReplicas();
      case HUB -> new HubSockets();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
