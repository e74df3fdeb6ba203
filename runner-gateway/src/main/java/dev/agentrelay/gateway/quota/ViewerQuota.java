package dev.agentrelay.gateway.quota;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.limit.Quota;
import dev.agentrelay.platform.limit.Quotas;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Counts the viewers of a user over all replicas: a sorted set of sockets by when they were last
 * seen, so that those of a replica that died count no longer than it takes to miss them. Nothing is
 * written while there is no quota.
 */
@Singleton
public class ViewerQuota {
  private static final Duration SEEN_EVERY = Duration.ofSeconds(20);
  private static final Duration MISSED_AFTER = Duration.ofSeconds(60);

  private final Quota quota;
  private final RedisLink redis;
  private final Replica self;
  private final SharedClock clock;
  private final Vertx vertx;
  private final AtomicLong lastNumber = new AtomicLong();
  private final Map<String, UserId> sockets = new ConcurrentHashMap<>();
  private final long timer;

  ViewerQuota(Quotas quotas, RedisLink redis, Replica self, SharedClock clock, Vertx vertx) {
    this.quota = quotas.viewers();
    this.redis = redis;
    this.self = self;
    this.clock = clock;
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(SEEN_EVERY.toMillis(), tick -> seeAll());
  }

  /** Counts a socket until it is gone; fails with 429 when the user has enough of them. */
  public Future<Void> require(UserId user, Socket socket) {
    if (!quota.isOn()) {
      return Future.succeededFuture();
    }
    String name = self.id() + ":" + lastNumber.incrementAndGet();
    sockets.put(name, user);
    socket.onDisconnect(reason -> forget(user, name));
    long now = clock.millis();
    String key = LiveKeys.userViewers(user);
    return redis
        .batch(
            List.of(
                Request.cmd(Command.ZREMRANGEBYSCORE)
                    .arg(key)
                    .arg("-inf")
                    .arg(now - MISSED_AFTER.toMillis()),
                seen(user, name, now),
                Request.cmd(Command.ZCARD).arg(key)))
        .compose(
            found ->
                Objects.requireNonNull(found.get(2)).toLong() > quota.most()
                    ? requireWithoutTheDead(key)
                    : Future.succeededFuture());
  }

  /** Those of a replica that has just died are about to come back, and must find their places. */
  private Future<Void> requireWithoutTheDead(String key) {
    return redis
        .send(Request.cmd(Command.ZRANGE).arg(key).arg(0).arg(-1))
        .compose(
            names -> {
              Map<ReplicaId, List<String>> byReplica =
                  Objects.requireNonNull(names).stream()
                      .map(Response::toString)
                      .collect(Collectors.groupingBy(ViewerQuota::replicaOf));
              return alive(byReplica.keySet())
                  .compose(
                      alive -> {
                        byReplica.keySet().removeAll(alive);
                        List<String> dead =
                            byReplica.values().stream().flatMap(List::stream).toList();
                        return names.size() - dead.size() > quota.most()
                            ? Future.failedFuture(quota.exceeded())
                            : remove(key, dead);
                      });
            });
  }

  private static ReplicaId replicaOf(String name) {
    return new ReplicaId(name.substring(0, name.lastIndexOf(':')));
  }

  /** A replica that no longer listens to its mail is gone. */
  private Future<Set<ReplicaId>> alive(Set<ReplicaId> replicas) {
    List<ReplicaId> asked = List.copyOf(replicas);
    Request listeners = Request.cmd(Command.PUBSUB).arg("NUMSUB");
    asked.forEach(replica -> listeners.arg(LiveKeys.replicaChannel(replica)));
    return redis
        .send(listeners)
        .map(
            counts ->
                IntStream.range(0, asked.size())
                    .filter(each -> Objects.requireNonNull(counts).get(2 * each + 1).toLong() > 0)
                    .mapToObj(asked::get)
                    .collect(Collectors.toSet()));
  }

  private Future<Void> remove(String key, List<String> names) {
    if (names.isEmpty()) {
      return Future.succeededFuture();
    }
    Request gone = Request.cmd(Command.ZREM).arg(key);
    names.forEach(gone::arg);
    return redis.send(gone).mapEmpty();
  }

  private void forget(UserId user, String name) {
    sockets.remove(name);
    redis.send(Request.cmd(Command.ZREM).arg(LiveKeys.userViewers(user)).arg(name));
  }

  private void seeAll() {
    long now = clock.millis();
    sockets.forEach((name, user) -> redis.send(seen(user, name, now)));
  }

  private static Request seen(UserId user, String name, long now) {
    return Request.cmd(Command.ZADD).arg(LiveKeys.userViewers(user)).arg(now).arg(name);
  }

  @PreDestroy
  void stop() {
    vertx.cancelTimer(timer);
  }
}
