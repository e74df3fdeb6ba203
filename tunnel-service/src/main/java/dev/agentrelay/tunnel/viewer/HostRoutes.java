package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.tunnel.host.HostLabels;
import dev.agentrelay.tunnel.host.TunnelDomain;
import dev.agentrelay.tunnel.viewer.Dispatch.Passage;
import dev.agentrelay.tunnel.viewer.TunnelPath.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Tunnels by host name (X48 of rest.md): every path of such a host is the app's, before any route
 * of the relay.
 */
@Singleton
class HostRoutes {
  private static final int FIRST = -10_000;

  private final TunnelDomain domain;
  private final HostLabels labels;
  private final TunnelGate gate;
  private final Dispatch dispatch;
  private final ClientAddress clients;

  HostRoutes(
      TunnelDomain domain,
      HostLabels labels,
      TunnelGate gate,
      Dispatch dispatch,
      ClientAddress clients) {
    this.domain = domain;
    this.labels = labels;
    this.gate = gate;
    this.dispatch = dispatch;
    this.clients = clients;
  }

  void mount(@Observes Router router) {
    if (domain.isConfigured()) {
      router.route().order(FIRST).handler(this::route);
    }
  }

  private void route(RoutingContext exchange) {
    HttpServerRequest request = exchange.request();
    String host = request.getHeader("Host");
    if (host != null && domain.covers(host)) {
      request.pause();
      answer(request, host);
    } else {
      exchange.next();
    }
  }

  private void answer(HttpServerRequest request, String host) {
    if (!TunnelRoutes.METHODS.contains(request.method().name())) {
      TunnelRoutes.refuseMethod(request, TunnelRoutes.METHODS);
      return;
    }
    HostView.Seen seen = new HostView.Seen(host, domain.scheme(), clients.of(request));
    dispatch.follow(
        request,
        domain.labelIn(host).map(label -> passage(label, seen)).orElseGet(HostRoutes::unknown),
        TunnelRoutes.isUpgrade(request));
  }

  private Future<Passage> passage(String label, HostView.Seen seen) {
    return labels
        .find(label)
        .compose(
            found -> found.map(grant -> use(label, grant, seen)).orElseGet(HostRoutes::unknown));
  }

  private Future<Passage> use(String label, HostLabels.Grant grant, HostView.Seen seen) {
    return gate.admitGranted(
            grant.user(), Scope.parse(grant.scope()), grant.port(), "Tunnel revoked")
        .map(
            admitted -> {
              labels.used(label, grant);
              return new Passage(admitted, new HostView(grant.port(), seen));
            });
  }

  private static Future<Passage> unknown() {
    return Future.failedFuture(
        new RelayException(ErrorCode.NOT_FOUND, "Unknown or expired tunnel"));
  }
}
