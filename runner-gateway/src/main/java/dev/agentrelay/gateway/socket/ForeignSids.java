package dev.agentrelay.gateway.socket;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.proxy.ReverseProxy;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Hands requests of a polling or upgrading client to the replica that issued its sid, so that no
 * load balancer needs to be sticky. A sid is {@code <replica>.<random>}.
 */
@Singleton
public class ForeignSids {
  private static final Logger LOG = Logger.getLogger(ForeignSids.class);

  private final Replica self;
  private final ReverseProxy proxy;

  ForeignSids(Replica self, ReverseProxy proxy) {
    this.self = self;
    this.proxy = proxy;
  }

  /** Whether the sid names another replica, and the request has been taken over. */
  boolean forward(HttpServerRequest request, String sid) {
    int dot = sid.indexOf('.');
    if (dot <= 0) {
      return false;
    }
    ReplicaId owner = new ReplicaId(sid.substring(0, dot));
    if (owner.equals(self.id())) {
      return false;
    }
    request.pause();
    self.addressOf(owner)
        .onSuccess(
            address -> {
              if (address.isPresent()) {
                proxy.forward(request, address.get());
              } else {
                unknown(request);
              }
            })
        .onFailure(
            failure -> {
              LOG.warnf(
                  "Replica %s of a client could not be looked up: %s", owner, failure.getMessage());
              request.response().setStatusCode(503).putHeader("Retry-After", "1").end();
            });
    return true;
  }

  /** The owner is gone and so is the connection; the client opens a new one (sockets.md 1.1). */
  private static void unknown(HttpServerRequest request) {
    request.resume();
    request
        .response()
        .setStatusCode(400)
        .putHeader("Content-Type", "application/json")
        .putHeader("Vary", "Origin")
        .putHeader("Access-Control-Allow-Credentials", "true")
        .end("{\"code\":1,\"message\":\"Session ID unknown\"}");
  }
}
