package dev.agentrelay.gateway.socket;

import dev.agentrelay.proxy.ForwardedHeaders;
import dev.agentrelay.proxy.ProxyOptions;
import dev.agentrelay.proxy.ReverseProxy;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the proxy that hands requests to other replicas of the gateway. */
class HandOffProxy {

  @Produces
  @Singleton
  ReverseProxy proxy(Vertx vertx) {
    return ReverseProxy.create(vertx, ProxyOptions.defaults(ForwardedHeaders.KEEP));
  }
}
