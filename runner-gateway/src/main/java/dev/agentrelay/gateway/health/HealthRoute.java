package dev.agentrelay.gateway.health;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Subscriptions;
import dev.agentrelay.gateway.socket.RelaySockets;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health} and its aliases, for clients, with any method (rest.md H1). Always 200: the body
 * tells.
 */
@Singleton
public class HealthRoute {
  private static final List<String> PATHS = List.of("/health", "/status", "/api/status");
  private static final int SOCKET_PROTOCOL = 1;

  private final RedisLink redis;
  private final Subscriptions subscriptions;
  private final RelaySockets sockets;
  private final GatewayConfig config;
  private final ObjectMapper json;
  private final long startedAt = System.nanoTime();

  HealthRoute(
      RedisLink redis,
      Subscriptions subscriptions,
      RelaySockets sockets,
      GatewayConfig config,
      ObjectMapper json) {
    this.redis = redis;
    this.subscriptions = subscriptions;
    this.sockets = sockets;
    this.config = config;
    this.json = json;
  }

  /** What clients read. The members of the version are null when they are not known. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Health(String status, boolean redis, boolean socketio, long uptime, Version version) {
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Version(@Nullable String server, int socketProtocol, @Nullable String buildTimestamp) {}
  }

  void mount(@Observes Router router) {
    PATHS.forEach(path -> router.route(path).handler(this::answer));
  }

  private void answer(RoutingContext exchange) {
    boolean redisUp = redis.isUp() && subscriptions.isUp();
    boolean socketsUp = sockets.isOpen();
    Health health =
        new Health(
            redisUp && socketsUp ? "ok" : "degraded",
            redisUp,
            socketsUp,
            Duration.ofNanos(System.nanoTime() - startedAt).toSeconds(),
            new Health.Version(config.version().orElse(null), SOCKET_PROTOCOL, null));
    try {
      exchange
          .response()
          .putHeader("Content-Type", "application/json;charset=utf-8")
          .end(json.writeValueAsString(health));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("health is a plain record", e);
    }
  }
}
