package dev.agentrelay.socketio.engine;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.time.Instant;

/** The HTTP request that opened a connection. */
public record EngineHandshake(
    MultiMap headers, MultiMap query, SocketAddress remoteAddress, Instant issued) {
  static EngineHandshake of(HttpServerRequest request) {
    return new EngineHandshake(
        request.headers(), request.params(), request.remoteAddress(), Instant.now());
  }
}
