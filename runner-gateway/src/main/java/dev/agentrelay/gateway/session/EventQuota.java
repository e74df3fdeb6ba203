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
 * Counts the events of a user's workers on this replica, second by second, in memory. Who sends
 * more than he may is not read until the next second begins, so that his events wait with him and
 * not with those of others; none is lost.
 */
@Singleton
class EventQuota {
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(5);
  private static final int MOST_USERS = 100_000;
  private static final int COUNT_BITS = 24;
  private static final long COUNT = (1L << COUNT_BITS) - 1;
  private static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Quota quota;
  private final boolean on;

  /** The second, and in the low bits how many events it has had. */
  private final LoadingCache<UserId, AtomicLong> seconds =
      Caffeine.newBuilder()
          .maximumSize(MOST_USERS)
          .expireAfterAccess(FORGOTTEN_AFTER)
          .build(user -> new AtomicLong());

  EventQuota(Quotas quotas) {
    this.quota = quotas.eventsPerSecond();
    this.on = quota.isOn();
  }

  /** Counts one event, which is taken in any case. On the event loop of the worker's socket. */
  void count(OwnedSession session) {
    if (!on) {
      return;
    }
    long now = System.nanoTime() & Long.MAX_VALUE;
    long second = now / NANOS;
    long counted =
        seconds
            .get(session.user())
            .updateAndGet(
                before -> before >>> COUNT_BITS == second ? before + 1 : second << COUNT_BITS | 1);
    if (quota.isUsedUp(counted & COUNT)) {
      holdBack(session, NANOS - now % NANOS);
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
            TimeUnit.NANOSECONDS.toMillis(nanos) + 1,
            over -> session.worker().context().runOnContext(turn -> session.resume(Pause.QUOTA)));
  }
}
