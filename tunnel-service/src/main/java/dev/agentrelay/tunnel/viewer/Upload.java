package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.wire.BinaryFrames;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RelayFrames;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * A request's body on its way to the runner. What the runner does not read stays with the viewer:
 * the request is not read while the connection is full. Lives on the viewer's event loop.
 */
final class Upload {
  private final HttpServerRequest request;
  private final TunnelConnection connection;
  private final String stream;
  private final Runnable onProgress;
  private final Context context = Vertx.currentContext();
  private final Credit credit;
  private boolean complete;
  private boolean held;

  Upload(
      HttpServerRequest request, TunnelConnection connection, String stream, Runnable onProgress) {
    this.request = request;
    this.connection = connection;
    this.stream = stream;
    this.onProgress = onProgress;
    this.credit = new Credit(connection);
  }

  void start() {
    if (PathView.hasNoBody(request.method())) {
      complete();
      request.handler(null);
    } else {
      if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
        request.response().writeContinue();
      }
      request.handler(this::send);
      request.endHandler(end -> complete());
    }
    request.resume();
  }

  private void send(Buffer bytes) {
    if (complete) {
      return;
    }
    for (int from = 0; from < bytes.length(); from += RelayFrames.MAX_BODY_BYTES) {
      int to = Math.min(bytes.length(), from + RelayFrames.MAX_BODY_BYTES);
      sendFrame(bytes.slice(from, to));
    }
    credit.spend(bytes.length());
    onProgress.run();
    if (connection.isFull() || credit.isSpent()) {
      held = !credit.isSpent();
      request.pause();
      awaitTurn();
    }
  }

  private void awaitTurn() {
    connection.whenRoom(() -> context.runOnContext(now -> goOn()));
  }

  private void sendFrame(Buffer bytes) {
    if (connection.speaks(Extension.BIN1)) {
      connection.send(BinaryFrames.body(stream, bytes));
    } else {
      connection.send(RelayFrames.requestData(stream, bytes));
    }
  }

  private void goOn() {
    if (complete || !credit.isSpent()) {
      held = false;
      request.resume();
    }
  }

  /** The runner has handed on so many bytes. */
  void gain(int bytes) {
    boolean wasSpent = credit.isSpent();
    credit.gain(bytes);
    if (wasSpent && !credit.isSpent()) {
      awaitTurn();
    }
  }

  private void complete() {
    if (!complete) {
      complete = true;
      connection.send(RelayFrames.requestDataEnd(stream));
      onProgress.run();
    }
  }

  boolean isComplete() {
    return complete;
  }

  /** Whether it waits for the runner to read on, which is its heartbeat's to judge. */
  boolean isHeld() {
    return held;
  }

  /** Reads what is left for nobody, so that the viewer's connection stays usable. */
  void discardRest() {
    complete = true;
    request.resume();
  }
}
