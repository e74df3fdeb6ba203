package dev.agentrelay.gateway.cluster;

import dev.agentrelay.gateway.redis.Subscriptions;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Says when this replica may have missed what others said, because it was not subscribed for a
 * while. Sockets here are to be brought up to date then.
 */
@Singleton
public class MissedNews {
  /** What all replicas need at most to notice a loss and to write their records again. */
  private static final Duration RECORDS_BACK_WITHIN = Duration.ofSeconds(2);

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  MissedNews(Subscriptions subscriptions, RedisMemory memory, Vertx vertx) {
    subscriptions.onResumed(
        () ->
            memory
                .check()
                .onSuccess(
                    lost -> {
                      if (!lost) {
                        tell();
                      }
                    }));
    memory.onLoss(() -> vertx.setTimer(RECORDS_BACK_WITHIN.toMillis(), timer -> tell()));
  }

  /** Runs each time when news may be missing; records of Redis may be missing then as well. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
