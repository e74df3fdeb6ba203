package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers the answers of spawns that have a key of their caller's own, so that one that is asked
 * for again starts no second session (rest.md 7.7).
 */
@Singleton
class KeyedSpawns {
  private static final Duration REMEMBERED = Duration.ofHours(24);

  /** What a spawn may take beyond the wait for its runner's word. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

  private final RedisLink redis;
  private final Duration underWay;

  KeyedSpawns(RedisLink redis, GatewayConfig config) {
    this.redis = redis;
    // a replica that dies in between holds its caller up no longer
    this.underWay = config.spawnWait().plus(ON_THE_WAY);
  }

  /**
   * Spawns, or gives the answer of the first time; what failed may be tried again.
   *
   * @param pending the answer for whoever asks while the first spawn is under way
   */
  Future<RawObject> once(
      UserId user, String key, RawObject pending, Supplier<Future<RawObject>> spawn) {
    String place = LiveKeys.keyedSpawn(user, key);
    return claim(place, pending)
        .compose(
            earlier ->
                earlier.isPresent() ? Future.succeededFuture(earlier.get()) : first(place, spawn));
  }

  /** The earlier answer; empty when there is none, and this is the first to ask. */
  private Future<Optional<RawObject>> claim(String place, RawObject pending) {
    return redis
        .send(set(place, pending, underWay).arg("NX"))
        .compose(
            claimed ->
                claimed == null
                    ? earlier(place, pending)
                    : Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<RawObject>> earlier(String place, RawObject pending) {
    return redis
        .send(Request.cmd(Command.GET).arg(place))
        .compose(
            found ->
                found == null
                    ? claim(place, pending)
                    : Future.succeededFuture(
                        Optional.ofNullable(RawObject.parse(RawJson.of(found.toString())))));
  }

  private Future<RawObject> first(String place, Supplier<Future<RawObject>> spawn) {
    return spawn
        .get()
        .compose(
            answer ->
                redis
                    .send(set(place, answer, REMEMBERED))
                    .transform(kept -> Future.succeededFuture(answer)),
            failure ->
                redis
                    .send(Request.cmd(Command.DEL).arg(place))
                    .transform(gone -> Future.failedFuture(failure)));
  }

  private static Request set(String place, RawObject answer, Duration life) {
    return Request.cmd(Command.SET)
        .arg(place)
        .arg(answer.toString())
        .arg("PX")
        .arg(life.toMillis());
  }
}
