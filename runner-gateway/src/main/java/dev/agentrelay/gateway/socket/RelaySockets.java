package dev.agentrelay.gateway.socket;

import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.platform.http.TrustedOrigins;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.Namespace;
import dev.agentrelay.socketio.SocketIoMetrics;
import dev.agentrelay.socketio.SocketIoOptions;
import dev.agentrelay.socketio.SocketIoServer;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * The gateway's Socket.IO server on the service's own HTTP port, with one namespace for each kind
 * of client.
 */
@Singleton
public class RelaySockets {
  static final String PATH = "/socket.io/";
  private static final int FIRST_OF_ALL = 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SocketIoServer server;
  private final RequestsUnderWay requests;
  private final GatewayConfig config;
  private volatile boolean open = true;
  private Future<Void> closed = Future.succeededFuture();
  private final Namespace relay;
  private final Namespace runner;
  private final Namespace viewer;
  private final Namespace hub;
  private final Namespace runners;
  private final Namespace terminal;

  RelaySockets(
      Vertx vertx,
      Replica self,
      GatewayConfig config,
      SocketGate gate,
      TrustedOrigins origins,
      ForeignSids foreignSids,
      RelayMetrics metrics,
      RequestsUnderWay requests) {
    this.requests = requests;
    this.config = config;
    this.server =
        SocketIoServer.create(
            vertx,
            SocketIoOptions.defaults()
                .withPath(PATH)
                .withPing(config.pingInterval(), config.pingTimeout())
                .withTrustedOrigins(origins::contains)
                .withSidFactory(() -> self.id() + "." + randomSid())
                .withForeignSidHandler(foreignSids::forward));
    this.relay = server.namespace("/relay").onAuthenticate(gate::admitKey);
    this.runner = server.namespace("/runner").onAuthenticate(gate::admitKey);
    this.viewer = server.namespace("/viewer").onAuthenticate(gate::admitBrowser);
    this.hub = server.namespace("/hub").onAuthenticate(gate::admitBrowser);
    this.runners = server.namespace("/runners").onAuthenticate(gate::admitBrowser);
    this.terminal = server.namespace("/terminal").onAuthenticate(gate::admitBrowser);
    measure(metrics);
  }

  private void measure(RelayMetrics metrics) {
    for (Namespace each : List.of(relay, runner, viewer, hub, runners, terminal)) {
      metrics.gauge(Metric.CONNECTIONS, each::size, each.name().substring(1));
    }
    SocketIoMetrics traffic = server.metrics();
    metrics.gauge(Metric.TRANSPORTS, traffic::connections);
    metrics.counter(Metric.SOCKET_PACKETS, traffic::packetsIn, "in");
    metrics.counter(Metric.SOCKET_PACKETS, traffic::packetsOut, "out");
    metrics.counter(Metric.SOCKET_BYTES, traffic::bytesIn, "in");
    metrics.counter(Metric.SOCKET_BYTES, traffic::bytesOut, "out");
    metrics.counter(Metric.SLOW_CONSUMERS, traffic::slowConsumers);
  }

  void mount(@Observes Router router) {
    router.route(PATH).handler(exchange -> server.handle(exchange.request()));
  }

  /** Workers. */
  public Namespace relay() {
    return relay;
  }

  /** Daemons. */
  public Namespace runner() {
    return runner;
  }

  /** Browsers that look at one session. */
  public Namespace viewer() {
    return viewer;
  }

  /** The list of sessions. */
  public Namespace hub() {
    return hub;
  }

  /** The list of runners. */
  public Namespace runners() {
    return runners;
  }

  /** Browsers that show one terminal. */
  public Namespace terminal() {
    return terminal;
  }

  /** Whether new connections are taken. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Takes nobody any more and begins to close transports without taking leave, so that every client
   * comes back to another replica (sockets.md 1.3). Comes first of all: whoever joined a replica
   * that is about to end would have to go again at once.
   */
  void close(@Observes @Priority(FIRST_OF_ALL) ShutdownDelayInitiatedEvent event) {
    open = false;
    closed = server.close(config.closeWithin());
  }

  /**
   * Waits for the transports and then for the requests that are under way. Comes before the HTTP
   * server ends, whose end would look as if all clients had left by themselves.
   */
  void awaitClosed(@Observes ShutdownDelayInitiatedEvent event) {
    closed.toCompletionStage().toCompletableFuture().join();
    requests.awaitEnd(config.answerWithin());
  }

  private static String randomSid() {
    byte[] bytes = new byte[15];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
