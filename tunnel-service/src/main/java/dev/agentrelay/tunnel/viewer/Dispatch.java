package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.http.SecurityHeaders;
import dev.agentrelay.proxy.ForwardedHeaders;
import dev.agentrelay.proxy.ProxyOptions;
import dev.agentrelay.proxy.ReverseProxy;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.LocalTunnels;
import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.viewer.TunnelGate.Admission;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Takes an admitted request to the runner's connection. When another replica holds it, the request
 * is passed on there as it came, streamed both ways, and goes through the same gates again.
 */
@Singleton
class Dispatch {
  private final Vertx vertx;
  private final LocalTunnels local;
  private final InternalSecret secret;
  private final TunnelConfig config;
  private final SpillSpace space;
  private final ReverseProxy proxy;

  Dispatch(
      Vertx vertx,
      LocalTunnels local,
      InternalSecret secret,
      TunnelConfig config,
      SpillSpace space) {
    this.vertx = vertx;
    this.local = local;
    this.secret = secret;
    this.config = config;
    this.space = space;
    this.proxy = ReverseProxy.create(vertx, ProxyOptions.defaults(ForwardedHeaders.KEEP));
  }

  /** A request's way through its tunnel. */
  record Passage(Admission admitted, TunnelView view) {}

  /**
   * Takes a request to its tunnel once it may pass, and answers it when it may not. Called on the
   * request's event loop and back on it then, as stores answer on others.
   */
  void follow(HttpServerRequest request, Future<Passage> passage, boolean upgrade) {
    Context context = vertx.getOrCreateContext();
    passage.onComplete(
        result ->
            context.runOnContext(
                now -> {
                  if (result.succeeded()) {
                    Passage found = result.result();
                    dispatch(request, found.admitted(), found.view(), upgrade);
                  } else {
                    Answers.fail(request, result.cause());
                  }
                }));
  }

  private void dispatch(
      HttpServerRequest request, Admission admitted, TunnelView view, boolean upgrade) {
    if (request.response().closed()) {
      return;
    }
    Optional<TunnelConnection> here =
        local.find(admitted.runner(), admitted.holder().connectionId());
    if (here.isPresent()) {
      begin(request, here.get(), view, upgrade);
    } else if (secret.matches(request.getHeader(InternalSecret.HEADER))) {
      Answers.fail(request, TunnelGate.notConnected()); // it has left since the other one looked
    } else {
      request.headers().set(InternalSecret.HEADER, secret.value());
      // what the other replica answers has the headers that belong to it, and no others
      SecurityHeaders.remove(request.response());
      proxy.forward(request, admitted.holder().address());
    }
  }

  private void begin(
      HttpServerRequest request, TunnelConnection connection, TunnelView view, boolean upgrade) {
    try {
      Exchange exchange =
          upgrade
              ? new SocketExchange(vertx, request, connection, view, config)
              : new HttpExchange(vertx, request, connection, view, config, space);
      exchange.start();
    } catch (RuntimeException refused) {
      Answers.fail(request, refused);
    }
  }
}
