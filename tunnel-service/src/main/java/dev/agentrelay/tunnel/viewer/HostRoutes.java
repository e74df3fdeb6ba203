package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.tunnel.host.HostLabels;
import dev.agentrelay.tunnel.host.TunnelDomain;
import dev.agentrelay.tunnel.viewer.TunnelPath.Scope;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

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

  HostRoutes(TunnelDomain domain, HostLabels labels, TunnelGate gate, Dispatch dispatch) {
    this.domain = domain;
    this.labels = labels;
    this.gate = gate;
    this.dispatch = dispatch;
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
    Context context = Vertx.currentContext();
    boolean upgrade = TunnelRoutes.isUpgrade(request);
    @Nullable String label = domain.labelIn(host).orElse(null);
    if (label == null) {
      Answers.fail(request, unknown());
      return;
    }
    labels
        .find(label)
        .onFailure(failure -> Answers.fail(request, failure))
        .onSuccess(
            found -> {
              if (found.isEmpty()) {
                Answers.fail(request, unknown());
                return;
              }
              HostLabels.Grant grant = found.get();
              gate.admit(grant.user(), Scope.parse(grant.scope()), grant.port())
                  .onSuccess(
                      admitted -> {
                        labels.used(label, grant);
                        HostView view = new HostView(grant.port(), host, domain.scheme());
                        context.runOnContext(
                            now -> dispatch.dispatch(request, admitted, view, upgrade));
                      })
                  .onFailure(failure -> Answers.fail(request, revoked(failure)));
            });
  }

  private static RelayException unknown() {
    return new RelayException(ErrorCode.NOT_FOUND, "Unknown or expired tunnel");
  }

  private static Throwable revoked(Throwable failure) {
    boolean gone =
        failure instanceof RelayException known
            && (known.code() == ErrorCode.NOT_FOUND || known.code() == ErrorCode.FORBIDDEN);
    return gone ? new RelayException(ErrorCode.UNAUTHORIZED, "Tunnel revoked") : failure;
  }
}
