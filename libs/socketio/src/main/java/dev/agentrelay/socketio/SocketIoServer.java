package dev.agentrelay.socketio;

import dev.agentrelay.socketio.engine.EngineServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Socket.IO 5 server without a port of its own: give it the requests below {@link
 * SocketIoOptions#path}. Any thread.
 */
public final class SocketIoServer {
  private final SocketIoOptions options;
  private final EngineServer engine;
  private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
  private final SocketIoMetrics metrics;

  private SocketIoServer(Vertx vertx, SocketIoOptions options) {
    this.options = options;
    this.engine =
        new EngineServer(
            vertx,
            options.engine(),
            connection -> new IncomingPackets(new ClientConnection(this, connection)));
    this.metrics = new SocketIoMetrics(engine, namespaces);
  }

  public static SocketIoServer create(Vertx vertx, SocketIoOptions options) {
    return new SocketIoServer(vertx, options);
  }

  /**
   * Options for a Vert.x server that carries only this: whole messages fit one frame, nothing is
   * compressed.
   */
  public static HttpServerOptions httpServerOptions(SocketIoOptions options) {
    return new HttpServerOptions()
        .setMaxWebSocketFrameSize(options.maxPayload())
        .setMaxWebSocketMessageSize(options.maxPayload())
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /**
   * The namespace of that name, created if need be. Declare all before the first request: clients
   * of others are told "Invalid namespace".
   *
   * @param name with its leading slash, without a comma
   */
  public Namespace namespace(String name) {
    if (!name.startsWith("/") || name.indexOf(',') >= 0) {
      throw new IllegalArgumentException(
          "A namespace starts with a slash and has no comma: " + name);
    }
    return namespaces.computeIfAbsent(name, Namespace::new);
  }

  /**
   * Serves one request, polling or WebSocket, on the request's event loop; its body must not have
   * been read.
   */
  public void handle(HttpServerRequest request) {
    engine.handle(request);
  }

  /**
   * Closes every connection without a Socket.IO DISCONNECT, evenly over the given time, so that all
   * clients reconnect but not all at once. New handshakes are answered 503 from now on.
   *
   * @return completes when the last connection has closed
   */
  public Future<Void> close(Duration within) {
    return engine.close(within);
  }

  /** Engine connections at present. */
  public int connectionCount() {
    return engine.connectionCount();
  }

  public SocketIoMetrics metrics() {
    return metrics;
  }

  SocketIoOptions options() {
    return options;
  }

  @Nullable Namespace find(String name) {
    return namespaces.get(name);
  }
}
