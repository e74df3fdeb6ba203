package dev.agentrelay.benchmarks.scenario;

import dev.agentrelay.benchmarks.report.Figure;
import java.util.List;

/** One kind of load. It starts what it needs and leaves nothing running. */
public interface Scenario {
  /** Starts gateways, puts the load on, warms up, measures. */
  List<Figure> run(Bench bench);
}
