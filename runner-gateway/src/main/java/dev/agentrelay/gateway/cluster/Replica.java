package dev.agentrelay.gateway.cluster;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.live.LiveKeys;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * This replica's name and address, kept fresh in Redis so that its peers find it and notice when it
 * is gone.
 */
@Startup
@Singleton
public class Replica {
  private static final Duration TTL = Duration.ofSeconds(15);
  private static final Duration REFRESH = Duration.ofSeconds(4);

  private final ReplicaId id;
  private final String address;
  private final RedisLink redis;
  private final Vertx vertx;
  private final long timer;

  Replica(
      RelayConfig config,
      @ConfigProperty(name = "quarkus.http.port") int port,
      RedisLink redis,
      Vertx vertx) {
    this.id = new ReplicaId(config.replica().id());
    this.address = config.replica().address().orElse("127.0.0.1:" + port);
    this.redis = redis;
    this.vertx = vertx;
    redis.onUp(this::announce);
    this.timer = vertx.setPeriodic(REFRESH.toMillis(), tick -> announce());
  }

  public ReplicaId id() {
    return id;
  }

  /**
   * Where a peer is reached; empty when no such replica is running. Fails when that cannot be
   * known.
   */
  public Future<Optional<SocketAddress>> addressOf(ReplicaId peer) {
    return redis
        .send(Request.cmd(Command.GET).arg(LiveKeys.replica(peer)))
        .map(found -> Optional.ofNullable(found).map(text -> parse(text.toString())));
  }

  private void announce() {
    redis.batch(
        List.of(
            Request.cmd(Command.SET)
                .arg(LiveKeys.replica(id))
                .arg(address)
                .arg("PX")
                .arg(TTL.toMillis()),
            Request.cmd(Command.SET)
                .arg(LiveKeys.replicaSeen(id))
                .arg(id.value())
                .arg("PX")
                .arg(Presence.REMEMBERED.toMillis())));
  }

  private static SocketAddress parse(String address) {
    int colon = address.lastIndexOf(':');
    return SocketAddress.inetSocketAddress(
        Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon));
  }

  @PreDestroy
  void withdraw() {
    vertx.cancelTimer(timer);
    redis.send(Request.cmd(Command.DEL).arg(LiveKeys.replica(id)));
  }
}
