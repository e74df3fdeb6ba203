package dev.agentrelay.gateway.quota;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.limit.Quota;
import dev.agentrelay.platform.limit.Quotas;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether a user may have one more runner or session, counted over all replicas. What was there
 * before is never refused when it comes back. Two that come in the same moment may both be let in.
 */
@Singleton
public class UserQuotas {
  private static final String NOBODY = "";

  private final Quotas quotas;
  private final RedisLink redis;

  UserQuotas(Quotas quotas, RedisLink redis) {
    this.quotas = quotas;
    this.redis = redis;
  }

  /** Fails with 429 when the user has enough runners without this one. */
  public Future<Void> requireRunner(UserId user, RunnerId runner) {
    return require(quotas.runners(), LiveKeys.userRunners(user), runner.value());
  }

  /**
   * Fails with 429 when the user has enough live sessions without this one.
   *
   * @param session absent for one that is still to be named
   */
  public Future<Void> requireSession(UserId user, @Nullable SessionId session) {
    return require(
        quotas.sessions(), LiveKeys.userSessions(user), session == null ? NOBODY : session.value());
  }

  private Future<Void> require(Quota quota, String set, String member) {
    if (!quota.isOn()) {
      return Future.succeededFuture();
    }
    return redis
        .batch(
            List.of(
                Request.cmd(Command.SCARD).arg(set),
                Request.cmd(Command.SISMEMBER).arg(set).arg(member)))
        .compose(
            found -> {
              long there = Objects.requireNonNull(found.get(0)).toLong();
              boolean known = Objects.requireNonNull(found.get(1)).toLong() == 1;
              return known || !quota.isUsedUp(there)
                  ? Future.succeededFuture()
                  : Future.failedFuture(quota.exceeded());
            });
  }
}
