package dev.agentrelay.socketio.engine;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * An Engine.IO 4 server: tells requests from each other and keeps the table of connections. Any
 * thread.
 */
public final class EngineServer {
  private static final long LINGER_SECONDS = 10;

  private final VertxInternal vertx;
  private final EngineOptions options;
  private final Function<EngineConnection, EngineListener> listeners;
  private final EngineTraffic traffic = new EngineTraffic();
  private final ConcurrentMap<String, EngineConnection> connections = new ConcurrentHashMap<>();
  private final GradualClose gradualClose = new GradualClose();

  /**
   * Makes a server.
   *
   * @param listeners asked once for each new connection, on its event loop, before anything of it
   *     is read
   */
  public EngineServer(
      Vertx vertx, EngineOptions options, Function<EngineConnection, EngineListener> listeners) {
    this.vertx = (VertxInternal) vertx;
    this.options = options;
    this.listeners = listeners;
  }

  EngineOptions options() {
    return options;
  }

  public EngineTraffic traffic() {
    return traffic;
  }

  public int connectionCount() {
    return connections.size();
  }

  /** Refuses new connections and closes the present ones one by one over the given time. */
  public Future<Void> close(Duration within) {
    return gradualClose.start(vertx, connections.values(), within);
  }

  /** Serves one request below the engine's path, on the request's event loop. */
  public void handle(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.OPTIONS)) {
      reply(request).preflight(request.getHeader("Access-Control-Request-Headers"));
      return;
    }
    String transport = request.getParam("transport");
    String sid = request.getParam("sid");
    boolean webSocket = "websocket".equals(transport);
    if (!webSocket && !"polling".equals(transport)) {
      reply(request).refuse(EngineError.UNKNOWN_TRANSPORT);
    } else if (sid == null || sid.isEmpty()) {
      openConnection(request, webSocket);
    } else {
      EngineConnection connection = connections.get(sid);
      if (connection != null) {
        continueConnection(connection, request, webSocket);
      } else if (!options.foreignSid().test(request, sid)) {
        reply(request).refuse(EngineError.UNKNOWN_SID);
      }
    }
  }

  private EngineReply reply(HttpServerRequest request) {
    return new EngineReply(request, options.trustedOrigins());
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.UPGRADE, "websocket", true);
  }

  private void openConnection(HttpServerRequest request, boolean webSocket) {
    if (!request.method().equals(HttpMethod.GET)) {
      reply(request).refuse(EngineError.BAD_HANDSHAKE_METHOD);
    } else if (webSocket != isUpgrade(request)) {
      reply(request).refuse(EngineError.BAD_REQUEST);
    } else if (!"4".equals(request.getParam("EIO"))) {
      reply(request).refuse(EngineError.UNSUPPORTED_PROTOCOL);
    } else if (gradualClose.isStarted()) {
      reply(request).unavailable();
    } else if (webSocket) {
      openWebSocket(request);
    } else {
      openPolling(request);
    }
  }

  private void openPolling(HttpServerRequest request) {
    EngineConnection connection = connect(request);
    PollingTransport polling = new PollingTransport(connection, options.maxPayload());
    connection.open(polling, listeners.apply(connection));
    polling.onGet(reply(request));
  }

  private void openWebSocket(HttpServerRequest request) {
    WebSocketChannel channel = WebSocketChannel.of(request);
    WebSocketChannel.refuseCompression(request);
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              EngineConnection connection = connect(request);
              var transport =
                  new WebSocketTransport(connection, socket, channel, options.maxPayload());
              connection.open(transport, listeners.apply(connection));
              if (gradualClose.isStarted()) { // while the handshake was under way
                connection.close(CloseReason.SHUTDOWN);
              }
            });
  }

  private EngineConnection connect(HttpServerRequest request) {
    ContextInternal context = vertx.getOrCreateContext().unwrap();
    EngineConnection connection =
        new EngineConnection(
            options.sidFactory().get(), this, EngineHandshake.of(request), context);
    connections.put(connection.sid(), connection);
    return connection;
  }

  EngineFrame openPacket(String sid, boolean upgradable) {
    return EngineFrame.ofPacket(
        "0{\"sid\":\"%s\",\"upgrades\":[%s],\"pingInterval\":%d,\"pingTimeout\":%d,\"maxPayload\":%d}"
            .formatted(
                sid,
                upgradable ? "\"websocket\"" : "",
                options.pingInterval().toMillis(),
                options.pingTimeout().toMillis(),
                options.maxPayload()));
  }

  private void continueConnection(
      EngineConnection connection, HttpServerRequest request, boolean webSocket) {
    if (webSocket != isUpgrade(request)) {
      reply(request).refuse(EngineError.BAD_REQUEST);
    } else if (webSocket) {
      upgrade(connection, request);
    } else if (request.method().equals(HttpMethod.GET)) {
      poll(connection, request);
    } else if (request.method().equals(HttpMethod.POST)) {
      new PostReader(connection, request, reply(request), options.maxPayload()).read();
    } else {
      reply(request).refuse(EngineError.BAD_REQUEST);
    }
  }

  private void upgrade(EngineConnection connection, HttpServerRequest request) {
    WebSocketChannel channel = WebSocketChannel.of(request);
    WebSocketChannel.refuseCompression(request);
    request
        .toWebSocket()
        .onSuccess(
            socket -> {
              var candidate =
                  new WebSocketTransport(connection, socket, channel, options.maxPayload());
              connection.execute(() -> connection.offerUpgrade(candidate));
            });
  }

  private void poll(EngineConnection connection, HttpServerRequest request) {
    EngineReply reply = reply(request);
    connection.execute(
        () -> {
          PollingTransport polling = connection.polling();
          if (polling == null) {
            reply.refuse(EngineError.BAD_REQUEST);
          } else if (connection.isClosed()) {
            endLingering(connection, polling, reply);
          } else {
            polling.onGet(reply);
          }
        });
  }

  private void endLingering(
      EngineConnection connection, PollingTransport polling, EngineReply reply) {
    if (connections.remove(connection.sid(), connection)) {
      polling.answerLast(reply);
    } else {
      reply.refuse(EngineError.UNKNOWN_SID);
    }
  }

  /** A lingering connection stays known until its last GET, or for a while. */
  void onClosed(EngineConnection connection, boolean lingers) {
    if (lingers) {
      Runnable forget = () -> connections.remove(connection.sid(), connection);
      var unused = connection.eventLoop().schedule(forget, LINGER_SECONDS, TimeUnit.SECONDS);
    } else {
      connections.remove(connection.sid(), connection);
    }
    if (gradualClose.isStarted() && connections.isEmpty()) {
      gradualClose.onLastClosed();
    }
  }
}
