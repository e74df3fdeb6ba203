package dev.agentrelay.gateway.cluster;

import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Runs sweeps for what is over, each on one replica of the cluster at a time, and goes through
 * large sets in small steps.
 */
@Startup
@Singleton
public class Sweeps {
  private static final Logger LOG = Logger.getLogger(Sweeps.class);
  private static final int STEP = 200;

  private final RedisLink redis;
  private final Vertx vertx;
  private final Replica self;
  private final Duration every;
  private final List<Long> timers = new CopyOnWriteArrayList<>();

  Sweeps(RedisLink redis, Vertx vertx, Replica self, GatewayConfig config) {
    this.redis = redis;
    this.vertx = vertx;
    this.self = self;
    this.every = config.sweepEvery();
  }

  /**
   * Has {@code judge} look at every member of a set, again and again. What it fails on is left
   * alone until the next time.
   */
  public void over(String name, String set, Function<String, Future<Void>> judge) {
    String lease = LiveKeys.sweepLease(name);
    AtomicBoolean underWay = new AtomicBoolean();
    timers.add(
        vertx.setPeriodic(
            every.toMillis(),
            tick -> {
              if (underWay.compareAndSet(false, true)) {
                take(lease)
                    .compose(mine -> mine ? step(lease, set, "0", judge) : Future.succeededFuture())
                    .onFailure(
                        failure ->
                            LOG.warnf("The sweep of %s waits: %s", name, failure.getMessage()))
                    .onComplete(over -> underWay.set(false));
              }
            }));
  }

  private Future<Boolean> take(String lease) {
    return redis
        .send(
            Request.cmd(Command.SET)
                .arg(lease)
                .arg(self.id().value())
                .arg("NX")
                .arg("PX")
                .arg(leaseMillis()))
        .map(answer -> answer != null);
  }

  /** It runs out shortly before the next sweep is due, so that any replica may run that. */
  private long leaseMillis() {
    return Math.max(1, every.toMillis() * 9 / 10);
  }

  private Future<Void> step(
      String lease, String set, String cursor, Function<String, Future<Void>> judge) {
    return redis
        .send(Request.cmd(Command.SSCAN).arg(set).arg(cursor).arg("COUNT").arg(STEP))
        .compose(
            answer -> {
              if (answer == null) {
                return Future.succeededFuture();
              }
              List<Future<Void>> judged = new ArrayList<>();
              for (Response member : answer.get(1)) {
                judged.add(judge.apply(member.toString()));
              }
              String next = answer.get(0).toString();
              return Future.join(judged)
                  .onFailure(
                      failure -> LOG.warnf("A sweep left some alone: %s", failure.getMessage()))
                  .transform(
                      done ->
                          next.equals("0")
                              ? Future.succeededFuture()
                              : goOn(lease, set, next, judge));
            });
  }

  /** A sweep that takes long keeps its lease; one that took too long is another replica's now. */
  private Future<Void> goOn(
      String lease, String set, String cursor, Function<String, Future<Void>> judge) {
    return redis
        .send(Request.cmd(Command.PEXPIRE).arg(lease).arg(leaseMillis()))
        .compose(
            kept ->
                kept != null && kept.toLong() == 1
                    ? step(lease, set, cursor, judge)
                    : Future.succeededFuture());
  }

  @PreDestroy
  void stop() {
    timers.forEach(vertx::cancelTimer);
  }
}
