package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.connection.TunnelLoss;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RelayFrames;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request through a tunnel and its answer, both streamed. Lives on the viewer's event loop. */
final class HttpExchange extends Exchange {
  private static final String ABORTED = "Response aborted";

  private final HttpServerResponse response;
  private final TunnelView view;
  private final SpillSpace space;
  private final Duration headTimeout;
  private String url = "/";
  private int port;
  private @Nullable AnswerBody body;
  private @Nullable Upload upload;
  private long progressAt;
  private long timer;
  private boolean over;

  HttpExchange(
      Vertx vertx,
      HttpServerRequest request,
      TunnelConnection connection,
      TunnelView view,
      TunnelConfig config,
      SpillSpace space) {
    super(vertx, request, connection, config);
    this.response = request.response();
    this.view = view;
    this.space = space;
    this.headTimeout = config.headTimeout();
  }

  @Override
  void start() {
    RelayFrames.Opening opening = view.opening(request, false);
    url = opening.url();
    port = opening.port();
    open();
    response.closeHandler(gone -> cancel());
    response.exceptionHandler(gone -> cancel());
    request.exceptionHandler(gone -> cancel());
    connection.send(
        RelayFrames.requestStart(
            id(), request.method().name(), opening, connection.speaks(Extension.BIN1)));
    upload = new Upload(request, connection, id(), this::progress);
    upload.start();
    awaitHead();
  }

  private void progress() {
    progressAt = System.nanoTime();
  }

  /** The wait for the head begins anew with each piece of the request that goes out. */
  private void awaitHead() {
    progress();
    timer = vertx.setTimer(headTimeout.toMillis(), this::checkHead);
  }

  private void checkHead(long fired) {
    if (over || body != null) {
      return;
    }
    if (upload != null && upload.isHeld()) {
      progress();
    }
    long left = headTimeout.toNanos() - (System.nanoTime() - progressAt);
    if (left > 0) {
      timer = vertx.setTimer(left / 1_000_000 + 1, this::checkHead);
    } else {
      connection.send(RelayFrames.requestEnd(id()));
      fail(ErrorCode.TIMEOUT, "Tunnel request timed out");
    }
  }

  @Override
  void end(TunnelLoss loss) {
    RelayException answer = answerTo(loss);
    fail(answer.code(), answer.text());
  }

  @Override
  void handle(RunnerFrame.OfStream frame) {
    if (over) {
      return;
    }
    switch (frame) {
      case RunnerFrame.ResponseStart start -> begin(start);
      case RunnerFrame.ResponseData data -> {
        if (body == null) {
          backlog().went(data.size()); // nothing can be shown without a head
        } else {
          body.write(data.data());
        }
      }
      case RunnerFrame.ResponseEnd end -> {
        if (body == null) {
          fail(ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: Runner sent no response");
        } else {
          finish();
          body.end();
        }
      }
      case RunnerFrame.ResponseAbort abort ->
          fail(ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: " + reasonOf(abort));
      case RunnerFrame.RequestEnd end ->
          fail(ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: Runner aborted request");
      case RunnerFrame.Window window -> {
        if (upload != null) {
          upload.gain(window.bytes());
        }
      }
      default -> backlog().went(frame.size()); // what is said of WebSockets is not for us
    }
  }

  private static String reasonOf(RunnerFrame.ResponseAbort abort) {
    return abort.reason() == null ? ABORTED : RelayFrames.cut(abort.reason());
  }

  private void begin(RunnerFrame.ResponseStart start) {
    if (body != null) {
      return;
    }
    vertx.cancelTimer(timer);
    view.begin(start, response);
    body =
        new AnswerBody(
            request, Rewriting.begin(request, url, view.urls()), backlog(), this::cutShort, space);
  }

  /** The answer cannot be completed: it is longer than it said, or bytes of it were lost. */
  private void cutShort() {
    if (!over) {
      connection.send(RelayFrames.requestEnd(id()));
      fail(ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: " + ABORTED);
    }
  }

  /** The viewer has left. */
  private void cancel() {
    if (!over) {
      connection.send(RelayFrames.requestEnd(id()));
      finish();
    }
    if (body != null) {
      body.abandon();
    }
  }

  private void fail(ErrorCode code, String text) {
    if (over) {
      return;
    }
    finish();
    if (body == null) {
      Answers.error(request, code, text);
    } else {
      body.breakOff();
    }
  }

  /** Nothing more is expected from the runner. */
  private void finish() {
    over = true;
    vertx.cancelTimer(timer);
    connection.forget(id());
    if (upload != null) {
      if (!upload.isComplete()) {
        connection.sweep(port);
      }
      upload.discardRest();
    }
  }
}
