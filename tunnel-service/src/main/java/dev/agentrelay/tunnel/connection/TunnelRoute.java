package dev.agentrelay.tunnel.connection;

import dev.agentrelay.tunnel.TunnelConfig;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Where runners connect: {@code /_tunnel} (tunnel.md 2.1). */
@Singleton
class TunnelRoute {
  private final Vertx vertx;
  private final TunnelRegistrar registrar;
  private final TunnelConfig config;

  TunnelRoute(Vertx vertx, TunnelRegistrar registrar, TunnelConfig config) {
    this.vertx = vertx;
    this.registrar = registrar;
    this.config = config;
  }

  void mount(@Observes Router router) {
    router.route("/_tunnel").handler(exchange -> answer(exchange.request()));
  }

  private void answer(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
      request.response().setStatusCode(426).end("Expected WebSocket upgrade");
      return;
    }
    HttpConnection connection = request.connection();
    request
        .toWebSocket()
        .onSuccess(
            socket ->
                new RunnerSocket(
                    socket,
                    vertx,
                    vertx.getOrCreateContext(),
                    RegistrationLimit.on(connection),
                    registrar,
                    config));
  }
}
