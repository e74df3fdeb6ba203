package dev.agentrelay.gateway.health;

import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Subscriptions;
import dev.agentrelay.gateway.socket.RelaySockets;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once live state can be read and written, until the gateway begins to close. */
@Readiness
class GatewayReadiness implements HealthCheck {
  private final RedisLink redis;
  private final Subscriptions subscriptions;
  private final RelaySockets sockets;

  GatewayReadiness(RedisLink redis, Subscriptions subscriptions, RelaySockets sockets) {
    this.redis = redis;
    this.subscriptions = subscriptions;
    this.sockets = sockets;
  }

  @Override
  public HealthCheckResponse call() {
    boolean ready = redis.isUp() && subscriptions.isUp() && sockets.isOpen();
    return HealthCheckResponse.named("live state").status(ready).build();
  }
}
