package dev.agentrelay.gateway.session;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.OwnedSession.Pause;
import dev.agentrelay.platform.limit.Quota;
import dev.agentrelay.platform.limit.Quotas;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Holds back workers whose user sends more events than he may on this replica. A user has a bucket
 * that holds what he may send in a second and fills steadily. Who finds it empty is not read until
 * a small portion is there, so that his events wait with him and never come in a burst that others
 * would feel; none is lost.
 */
@Singleton
class EventQuota {
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(5);
  private static final int MOST_USERS = 100_000;
  private static final long BUCKET_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PORTION_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Quota quota;
  private final boolean on;
  private final long nanosPerEvent;
  private final long origin = System.nanoTime();

  /** When the user's bucket was, or would have been, empty, in nanoseconds since the origin. */
  private final LoadingCache<UserId, AtomicLong> emptyAt =
      Caffeine.newBuilder()
          .maximumSize(MOST_USERS)
          .expireAfterAccess(FORGOTTEN_AFTER)
          .build(user -> new AtomicLong(-BUCKET_NANOS));

  EventQuota(Quotas quotas) {
    this.quota = quotas.eventsPerSecond();
    this.on = quota.isOn();
    this.nanosPerEvent = BUCKET_NANOS / quota.most();
  }

  /** Counts one event, which is taken in any case. On the event loop of the worker's socket. */
  void count(OwnedSession session) {
    if (!on) {
      return;
    }
    long now = System.nanoTime() - origin;
    long overdrawn =
        emptyAt
                .get(session.user())
                .updateAndGet(before -> Math.max(before, now - BUCKET_NANOS) + nanosPerEvent)
            - now;
    if (overdrawn > 0) {
      holdBack(session, overdrawn + PORTION_NANOS);
    }
  }

  private void holdBack(OwnedSession session, long nanos) {
    if (!session.pause(Pause.QUOTA)) {
      return;
    }
    quota.countRefusal();
    if (session.tellOfQuota()) {
      session.worker().emit("error", RawObject.empty().put("message", quota.refusal()).toJson());
    }
    session
        .worker()
        .context()
        .owner()
        .setTimer(
            TimeUnit.NANOSECONDS.toMillis(nanos),
            over -> session.worker().context().runOnContext(turn -> session.resume(Pause.QUOTA)));
  }
}
