package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.Onlookers;
import dev.agentrelay.platform.time.SharedClock;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says in Redis which sessions are looked at from this replica, so that nobody is notified of what
 * he sees (sockets.md 4.4.7). What a replica that has gone said counts no more after a while.
 * Thread-safe.
 */
@Singleton
class LocalOnlookers {
  private static final Duration VALID = Duration.ofSeconds(90);
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final Replica self;
  private final RedisLink redis;
  private final SharedClock clock;
  private final Vertx vertx;
  private final long timer;
  private final Map<SessionId, Count> sessions = new ConcurrentHashMap<>();

  private record Count(int viewers, int visible) {
    static final Count NONE = new Count(0, 0);

    Count with(int moreViewers, int moreVisible) {
      return new Count(viewers + moreViewers, visible + moreVisible);
    }

    Onlookers onlookers() {
      return new Onlookers(viewers > 0, visible > 0);
    }
  }

  LocalOnlookers(Replica self, RedisLink redis, SharedClock clock, Vertx vertx) {
    this.self = self;
    this.redis = redis;
    this.clock = clock;
    this.vertx = vertx;
    this.timer =
        vertx.setPeriodic(REFRESH.toMillis(), tick -> sessions.keySet().forEach(this::repeat));
  }

  void came(SessionId session, boolean visible) {
    change(session, 1, visible ? 1 : 0);
  }

  void left(SessionId session, boolean visible) {
    change(session, -1, visible ? -1 : 0);
  }

  /** A viewer's page has come to the front, or gone from there. */
  void turned(SessionId session, boolean visible) {
    change(session, 0, visible ? 1 : -1);
  }

  private void change(SessionId session, int viewers, int visible) {
    sessions.compute(
        session,
        (id, before) -> {
          Count known = before == null ? Count.NONE : before;
          Count now = known.with(viewers, visible);
          // within compute, so that what is said last is what is true last
          if (!now.onlookers().equals(known.onlookers())) {
            say(id, now.onlookers());
          }
          return now.viewers() > 0 ? now : null;
        });
  }

  private void repeat(SessionId session) {
    sessions.computeIfPresent(
        session,
        (id, count) -> {
          // within compute here too, so that nobody who has just left is said to look on
          say(id, count.onlookers());
          return count;
        });
  }

  private void say(SessionId session, Onlookers onlookers) {
    String key = LiveKeys.onlookers(session);
    if (!onlookers.watched()) {
      redis.send(Request.cmd(Command.HDEL).arg(key).arg(self.id().value()));
      return;
    }
    long until = clock.millis() + VALID.toMillis();
    redis.batch(
        List.of(
            Request.cmd(Command.HSET).arg(key).arg(self.id().value()).arg(onlookers.toText(until)),
            Request.cmd(Command.PEXPIRE).arg(key).arg(VALID.toMillis())));
  }

  @PreDestroy
  void stop() {
    vertx.cancelTimer(timer);
  }
}
