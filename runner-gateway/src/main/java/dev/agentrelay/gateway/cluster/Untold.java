package dev.agentrelay.gateway.cluster;

import java.time.Duration;

/**
 * An end that nobody says was told: a replica may be killed between the one and the other. Redis
 * lets it run off.
 *
 * @param end what is over
 * @param since how long ago it ended
 */
public record Untold<T>(T end, Duration since) {
  /** How long an end is kept for whoever is to tell of it. */
  public static final Duration KEPT = Duration.ofHours(1);

  /**
   * An end with what is left of the time that it is kept.
   *
   * @param leftMillis as Redis has it
   */
  public static <T> Untold<T> of(T end, long leftMillis) {
    return new Untold<>(end, KEPT.minusMillis(leftMillis));
  }

  /**
   * Whether its replica will not tell of it any more.
   *
   * @param patience how long a replica may still be about to do it
   */
  public boolean isLeft(Duration patience) {
    return since.compareTo(patience) >= 0;
  }
}
