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

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Whoever brings sockets up to date. */
  @FunctionalInterface
  public interface Listener {
    /**
     * News may be missing.
     *
     * @param recordsLost whether Redis had lost its records as well, so that one that is missing
     *     may only not be back yet
     */
    void missed(boolean recordsLost);
  }

  MissedNews(Subscriptions subscriptions, RedisMemory memory, Vertx vertx) {
    subscriptions.onResumed(
        () ->
            memory
                .check()
                .onSuccess(
                    lost -> {
                      if (!lost) {
                        tell(false);
                      }
                    }));
    memory.onLoss(() -> vertx.setTimer(RECORDS_BACK_WITHIN.toMillis(), timer -> tell(true)));
  }

  public void listen(Listener listener) {
    listeners.add(listener);
  }

  private void tell(boolean recordsLost) {
    listeners.forEach(listener -> listener.missed(recordsLost));
  }
}
