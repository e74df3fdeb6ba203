package dev.agentrelay.platform.live;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** What Redis answers, for requests that may wait for it, but not for ever. */
public final class RedisAnswer {
  private static final Duration AT_MOST = Duration.ofSeconds(3);

  private RedisAnswer() {}

  /** Blocks for at most three seconds; fails then as with a store that is away. */
  public static <T> T await(Uni<T> asked) {
    return asked
        .ifNoItem()
        .after(AT_MOST)
        .failWith(() -> new TimeoutException("Redis did not answer within " + AT_MOST))
        .await()
        .indefinitely();
  }
}
