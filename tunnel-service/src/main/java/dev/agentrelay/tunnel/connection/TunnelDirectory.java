package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.config.RelayConfig;
import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Which replica holds which runner's connection, in Redis. The newest claim wins; one that is not
 * refreshed ends by itself. Fails when Redis is away.
 */
@Singleton
public class TunnelDirectory {
  static final Duration REFRESH = Duration.ofSeconds(5);

  private static final Duration LIFE = Duration.ofSeconds(15);
  private static final long REDIS_TIMEOUT_SECONDS = 3;

  private static final String CLAIM =
      """
      local holder = redis.call('HMGET', KEYS[1], 'owner', 'address', 'connection')
      if holder[1] and holder[1] ~= ARGV[1] and ARGV[5] == '0' then return {'foreign'} end
      redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'address', ARGV[2], 'connection', ARGV[3])
      redis.call('PEXPIRE', KEYS[1], ARGV[4])
      return {'claimed', holder[2] or '', holder[3] or ''}
      """;
  private static final String REFRESHED =
      """
      local connection = redis.call('HGET', KEYS[1], 'connection')
      if connection and connection ~= ARGV[3] then return 0 end
      redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'address', ARGV[2], 'connection', ARGV[3])
      redis.call('PEXPIRE', KEYS[1], ARGV[4])
      return 1
      """;
  private static final String RELEASE =
      """
      if redis.call('HGET', KEYS[1], 'connection') == ARGV[1] then redis.call('DEL', KEYS[1]) end
      """;

  private final Redis redis;
  private final String address;

  /** Where a runner's connection is. */
  public record Holder(UserId owner, SocketAddress address, String connectionId) {}

  /** What became of a claim. */
  sealed interface Claim {
    /**
     * The runner's connection is this one from now on.
     *
     * @param before the one it replaces
     */
    record Won(Optional<Replaced> before) implements Claim {}

    /** Somebody else's connection goes by that runner's id. */
    record Foreign() implements Claim {}
  }

  /** A connection that is the runner's no longer, and where it is held. */
  record Replaced(SocketAddress address, String connectionId) {}

  TunnelDirectory(
      Redis redis, RelayConfig config, @ConfigProperty(name = "quarkus.http.port") int port) {
    this.redis = redis;
    this.address = config.replica().address().orElse("127.0.0.1:" + port);
  }

  /** The holder of a runner's connection; empty when the runner has none. */
  public Future<Optional<Holder>> find(RunnerId runner) {
    Request read =
        Request.cmd(Command.HMGET).arg(key(runner)).arg("owner").arg("address").arg("connection");
    return send(read).map(TunnelDirectory::holder);
  }

  private static Optional<Holder> holder(@Nullable Response found) {
    if (found == null || found.get(0) == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Holder(
            new UserId(found.get(0).toString()),
            parse(found.get(1).toString()),
            found.get(2).toString()));
  }

  /**
   * Makes the connection the runner's.
   *
   * @param evict whether somebody else's connection has to give way, because the runner is known to
   *     be this owner's
   */
  Future<Claim> claim(TunnelConnection connection, boolean evict) {
    return send(script(CLAIM, connection).arg(evict ? "1" : "0"))
        .map(
            answer -> {
              if (answer == null || answer.get(0).toString().equals("foreign")) {
                return new Claim.Foreign();
              }
              String before = answer.get(2).toString();
              return before.isEmpty()
                  ? new Claim.Won(Optional.empty())
                  : new Claim.Won(
                      Optional.of(new Replaced(parse(answer.get(1).toString()), before)));
            });
  }

  /** Prolongs a claim; false when a newer one has won meanwhile. */
  Future<Boolean> refresh(TunnelConnection connection) {
    return send(script(REFRESHED, connection))
        .map(answer -> answer != null && answer.toInteger() == 1);
  }

  /** Ends a claim, unless a newer one has won meanwhile. */
  Future<Void> release(TunnelConnection connection) {
    return send(Request.cmd(Command.EVAL)
            .arg(RELEASE)
            .arg(1)
            .arg(key(connection.runner()))
            .arg(connection.id()))
        .mapEmpty();
  }

  private Request script(String source, TunnelConnection connection) {
    return Request.cmd(Command.EVAL)
        .arg(source)
        .arg(1)
        .arg(key(connection.runner()))
        .arg(connection.owner().value())
        .arg(address)
        .arg(connection.id())
        .arg(LIFE.toMillis());
  }

  private Future<@Nullable Response> send(Request request) {
    return redis.send(request).timeout(REDIS_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /** Hash of owner, address of the holding replica, and connection id. */
  private static String key(RunnerId runner) {
    return "relay:tunnel:{" + runner + "}";
  }

  private static SocketAddress parse(String address) {
    int colon = address.lastIndexOf(':');
    return SocketAddress.inetSocketAddress(
        Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon));
  }
}
