package dev.agentrelay.gateway.redis;

/** Redis cannot be reached right now, so nothing is known about what it holds. */
public final class RedisAway extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RedisAway() {
    super("Redis is away", null, false, false);
  }
}
