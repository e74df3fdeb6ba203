package dev.agentrelay.platform.limit;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Counts calls in fixed windows, shared by all replicas. */
@ApplicationScoped
public class RateLimiter {
  private static final String KEY = "relay:limit:";

  /** Counts, and answers the milliseconds left of the window, or -1 while there is room. */
  private static final String COUNT =
      """
      local calls = redis.call('INCR', KEYS[1])
      if calls == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
      if calls <= tonumber(ARGV[1]) then return -1 end
      return redis.call('PTTL', KEYS[1])
      """;

  private static final Duration REDIS_ANSWERS = Duration.ofSeconds(2);

  private final ReactiveRedisDataSource redis;

  RateLimiter(ReactiveRedisDataSource redis) {
    this.redis = redis;
  }

  /**
   * Counts one call. Fails when Redis is away or silent for two seconds.
   *
   * @param what the kind of call and who makes it
   * @return how long to wait when there was one call too many, else empty
   */
  public Uni<Optional<Duration>> count(String what, int calls, Duration window) {
    return redis
        .execute(
            "EVAL",
            COUNT,
            "1",
            KEY + what,
            Integer.toString(calls),
            Long.toString(window.toMillis()))
        .ifNoItem()
        .after(REDIS_ANSWERS)
        .fail()
        .map(
            left ->
                left.toLong() < 0
                    ? Optional.empty()
                    : Optional.of(Duration.ofMillis(left.toLong())));
  }

  /**
   * Counts one call, and ends its request when it is one too many. Blocks.
   *
   * @param refusal what people are told then
   * @throws RelayException with 429 and when to come back
   */
  public void require(String what, int calls, Duration window, String refusal) {
    Optional<Duration> wait = count(what, calls, window).await().indefinitely();
    if (wait.isPresent()) {
      throw new RelayException(ErrorCode.RATE_LIMITED, refusal, wait.get());
    }
  }
}
