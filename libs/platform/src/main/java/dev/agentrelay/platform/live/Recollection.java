package dev.agentrelay.platform.live;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Knows when Redis has come back without its memory and is being told again by the gateways: what
 * it lacks then is not missing. Thread-safe.
 */
public final class Recollection {
  /** The gateways write all they have within two seconds, and a busy machine within this. */
  public static final Duration TOLD_AGAIN_WITHIN = Duration.ofSeconds(15);

  private @Nullable String known;
  private boolean lost;
  private long lostAt;

  /**
   * Whether what Redis lacks may only not be back yet.
   *
   * @param name what {@link LiveKeys#memory} holds; absent before any gateway has looked
   */
  synchronized boolean isUnderWay(@Nullable String name) {
    if (known != null && !known.equals(name)) {
      lost = true;
      lostAt = System.nanoTime();
    }
    if (name != null) {
      known = name;
    }
    lost = lost && System.nanoTime() - lostAt < TOLD_AGAIN_WITHIN.toNanos();
    return lost;
  }
}
