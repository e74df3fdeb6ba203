package dev.agentrelay.e2e.drills;

import dev.agentrelay.e2e.suite.Suite;
import dev.agentrelay.testkit.clients.Json;
import java.time.Duration;
import java.util.List;

/** Tells the relay what became of a drill, so that its operators' page shows it. */
final class DrillReports {
  private static final int LONGEST_FINDINGS = 4_000;

  private DrillReports() {}

  static void add(Suite suite, String name, Duration back, Duration gap, List<String> findings) {
    String found = String.join("; ", findings);
    suite
        .operator()
        .send(
            "POST",
            "/api/operator/drills",
            Json.object(
                "name",
                name,
                "passed",
                findings.isEmpty(),
                "backSeconds",
                back.toMillis() / 1000.0,
                "longestGapSeconds",
                gap.toMillis() / 1000.0,
                "findings",
                found.substring(0, Math.min(found.length(), LONGEST_FINDINGS))));
  }
}
