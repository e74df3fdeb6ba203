package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.connection.TunnelLoss;
import dev.agentrelay.tunnel.connection.TunnelStream;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A viewer's request on a runner's connection. What the runner says is counted on the connection's
 * event loop and handled on the request's, where everything else of it lives.
 */
abstract class Exchange implements TunnelStream {
  final Vertx vertx;
  final Context context;
  final HttpServerRequest request;
  final TunnelConnection connection;
  final TunnelConfig config;
  private String id = "";
  private @Nullable Backlog backlog;

  Exchange(
      Vertx vertx, HttpServerRequest request, TunnelConnection connection, TunnelConfig config) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.connection = connection;
    this.config = config;
  }

  /**
   * Begins; the request must be paused.
   *
   * @throws RelayException when it cannot be sent as it is
   */
  abstract void start();

  /** The runner said something about it. */
  abstract void handle(RunnerFrame.OfStream frame);

  /** The runner's connection is over. */
  abstract void end(TunnelLoss loss);

  /** Takes a stream on the connection. */
  final void open() {
    id =
        connection
            .open(this)
            .orElseThrow(
                () ->
                    new RelayException(ErrorCode.UNAVAILABLE, "Too many requests in this tunnel"));
    backlog = new Backlog(connection, id, config.heldBytes());
  }

  final String id() {
    return id;
  }

  final Backlog backlog() {
    if (backlog == null) {
      throw new IllegalStateException("the exchange has not started");
    }
    return backlog;
  }

  @Override
  public final void receive(RunnerFrame.OfStream frame) {
    if (backlog != null) {
      backlog.came(frame);
    }
    context.runOnContext(now -> handle(frame));
  }

  @Override
  public final void lost(TunnelLoss loss) {
    context.runOnContext(now -> end(loss));
  }

  /** What a viewer is answered that has not got an answer yet. */
  static RelayException answerTo(TunnelLoss loss) {
    return loss == TunnelLoss.GONE
        ? new RelayException(ErrorCode.UNAVAILABLE, loss.text())
        : new RelayException(ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: " + loss.text());
  }
}
