package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.http.TrustedOrigins;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.rewrite.TunnelUrls;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** The path tunnels: {@code /api/tunnel/…} (U1, U2 and X47 of rest.md). */
@Singleton
class TunnelRoutes {
  static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");
  private static final int METHOD_NOT_ALLOWED = 405;

  private final OriginGate origins;
  private final TunnelGate gate;
  private final Dispatch dispatch;
  private final ClientAddress clients;
  private final TunnelConfig config;
  private final Set<String> ownOrigins;

  TunnelRoutes(
      OriginGate origins,
      TunnelGate gate,
      Dispatch dispatch,
      ClientAddress clients,
      RelayConfig relay,
      TunnelConfig config) {
    this.origins = origins;
    this.gate = gate;
    this.dispatch = dispatch;
    this.clients = clients;
    this.config = config;
    this.ownOrigins = Set.of(TrustedOrigins.originOf(relay.publicAddress().url().toString()));
  }

  void mount(@Observes Router router) {
    router.route("/api/tunnel/*").handler(exchange -> answer(exchange.request()));
  }

  private void answer(HttpServerRequest request) {
    request.pause();
    boolean upgrade = isUpgrade(request);
    try {
      if (!METHODS.contains(request.method().name())) {
        origins.check(request, upgrade); // a page of another site is not told what there is
        refuseMethod(request, METHODS);
        return;
      }
      TunnelPath path = TunnelPath.parse(request.uri());
      dispatch.follow(
          request,
          gate.admit(request, path, upgrade)
              .map(admitted -> new Dispatch.Passage(admitted, view(request, path))),
          upgrade);
    } catch (RelayException refused) {
      Answers.fail(request, refused);
    }
  }

  static void refuseMethod(HttpServerRequest request, List<String> allowed) {
    request.response().putHeader("Allow", String.join(", ", allowed));
    request.response().setStatusCode(METHOD_NOT_ALLOWED).end("Method not allowed");
    request.resume();
  }

  static boolean isUpgrade(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.UPGRADE, "websocket", true);
  }

  private TunnelView view(HttpServerRequest request, TunnelPath path) {
    return new PathView(
        new TunnelUrls(path.root(), path.port(), ownOrigins),
        path.url(),
        path.token() != null,
        clients.of(request),
        config.permissionsPolicy());
  }
}
