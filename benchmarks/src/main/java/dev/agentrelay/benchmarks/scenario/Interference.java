package dev.agentrelay.benchmarks.scenario;

/** How much others disturbed the measurement, because figures are worth less then. */
public final class Interference {
  private static final double NEGLIGIBLE_CORES = 0.1;

  private double highestCores;

  void note(double cores) {
    highestCores = Math.max(highestCores, cores);
  }

  /** A warning to go with the figures; empty when the machine was quiet. */
  public String warning() {
    return highestCores < NEGLIGIBLE_CORES
        ? ""
        : "Other programs, or the host's other machines, used up to %.1f cores: compare no figures."
            .formatted(highestCores);
  }
}
