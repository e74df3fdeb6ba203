package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.limit.Quota;
import dev.agentrelay.platform.limit.QuotaConfig;
import dev.agentrelay.platform.limit.Quotas;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * How much a user has sent and received through tunnels in the present window. Each replica counts
 * in memory and adds it up with the others in Redis once a second; what goes beyond the quota in
 * that second goes through. Streams that are open go on to their end, new ones are refused. Nothing
 * is counted while there is no quota. Thread-safe.
 */
@Singleton
public class UserTraffic {
  private static final Logger LOG = Logger.getLogger(UserTraffic.class);
  private static final Duration ADD_UP_EVERY = Duration.ofSeconds(1);
  private static final String KEY = "relay:tunnel-bytes:";

  private final Quota quota;
  private final long windowMillis;
  private final Redis redis;

  /** Of users whose tunnels end here; no more than there are tunnels. */
  private final Map<UserId, LongAdder> counted = new ConcurrentHashMap<>();

  /** The windows that users have used up, by their numbers. */
  private final Map<UserId, Long> usedUp = new ConcurrentHashMap<>();

  UserTraffic(Quotas quotas, QuotaConfig config, Redis redis, Vertx vertx) {
    this.quota = quotas.tunnelBytes();
    this.windowMillis = config.tunnelWindow().toMillis();
    this.redis = redis;
    if (quota.isOn()) {
      vertx.setPeriodic(ADD_UP_EVERY.toMillis(), tick -> addUp());
    }
  }

  /** Counts bytes of one of the user's tunnels. */
  void add(UserId user, long bytes) {
    if (quota.isOn()) {
      counted.computeIfAbsent(user, each -> new LongAdder()).add(bytes);
    }
  }

  /**
   * @throws RelayException with 429 when the user has used up the window
   */
  public void require(UserId user) {
    if (!quota.isOn() || !Long.valueOf(window()).equals(usedUp.get(user))) {
      return;
    }
    quota.countRefusal();
    long left = windowMillis - System.currentTimeMillis() % windowMillis;
    throw new RelayException(ErrorCode.RATE_LIMITED, quota.refusal(), Duration.ofMillis(left));
  }

  private long window() {
    return System.currentTimeMillis() / windowMillis;
  }

  private void addUp() {
    long window = window();
    usedUp.values().removeIf(earlier -> earlier != window);
    counted.forEach(
        (user, bytes) -> {
          long some = bytes.sumThenReset();
          if (some == 0) {
            counted.remove(user, bytes);
          }
          addUp(user, some, window);
        });
  }

  private void addUp(UserId user, long bytes, long window) {
    String key = KEY + "{" + user + "}:" + window;
    redis
        .send(Request.cmd(Command.INCRBY).arg(key).arg(bytes))
        .onSuccess(
            total -> {
              if (quota.isUsedUp(total.toLong())) {
                usedUp.put(user, window);
              }
            })
        .onFailure(away -> LOG.debugf("Bytes of %s are not counted: %s", user, away.getMessage()));
    redis.send(Request.cmd(Command.PEXPIRE).arg(key).arg(2 * windowMillis));
  }
}
