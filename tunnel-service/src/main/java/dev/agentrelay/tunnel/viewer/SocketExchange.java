package dev.agentrelay.tunnel.viewer;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.TunnelConnection;
import dev.agentrelay.tunnel.connection.TunnelLoss;
import dev.agentrelay.tunnel.wire.BinaryFrames;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.RelayFrames;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One viewer's WebSocket through a tunnel (tunnel.md 2.10, 6). Lives on the viewer's loop. */
final class SocketExchange extends Exchange {
  private static final short GOING_AWAY = 1001;
  private static final short INTERNAL_ERROR = 1011;
  private static final short NORMAL = 1000;
  private static final String PROTOCOL = "Sec-WebSocket-Protocol";

  private final TunnelView view;
  private final List<String> offered;
  private final Credit credit;

  /** What came from the app and has not gone to the viewer, while it cannot take it. */
  private final Queue<RunnerFrame.OfStream> waiting = new ArrayDeque<>();

  private @Nullable ServerWebSocket socket;
  private long timer;
  private boolean opening;

  /** The app's last word is waiting. */
  private boolean ending;

  private boolean over;

  SocketExchange(
      Vertx vertx,
      HttpServerRequest request,
      TunnelConnection connection,
      TunnelView view,
      TunnelConfig config) {
    super(vertx, request, connection, config);
    this.view = view;
    this.credit = new Credit(connection);
    this.offered =
        request.headers().getAll(PROTOCOL).stream()
            .flatMap(value -> Arrays.stream(value.split(",")))
            .map(String::strip)
            .filter(protocol -> !protocol.isEmpty())
            .toList();
  }

  @Override
  void start() {
    RelayFrames.Opening asked = view.opening(request, true);
    open();
    request.response().closeHandler(gone -> leave(null, null));
    connection.send(
        RelayFrames.socketOpen(id(), offered, asked, connection.speaks(Extension.BIN1)));
    timer =
        vertx.setTimer(
            config.openTimeout().toMillis(),
            late -> {
              if (socket == null && !opening) {
                connection.send(RelayFrames.socketClose(id(), GOING_AWAY, null));
                refuse("Local WebSocket did not open in time");
              }
            });
  }

  @Override
  void end(TunnelLoss loss) {
    if (over) {
      return;
    }
    if (socket == null && !opening) {
      finish();
      Answers.fail(request, answerTo(loss));
    } else {
      handle(new RunnerFrame.SocketFailed(id(), loss.text()));
    }
  }

  @Override
  void handle(RunnerFrame.OfStream frame) {
    if (over) {
      return;
    }
    if (frame instanceof RunnerFrame.Window window) {
      gain(window.bytes());
    } else if (socket == null && !opening) {
      beforeOpen(frame);
    } else if (ending || !isOfOpenSocket(frame)) {
      ignore(frame);
    } else {
      ending =
          frame instanceof RunnerFrame.SocketClosed || frame instanceof RunnerFrame.SocketFailed;
      waiting.add(frame);
      passOn();
    }
  }

  private static boolean isOfOpenSocket(RunnerFrame.OfStream frame) {
    return switch (frame) {
      case RunnerFrame.SocketText text -> true;
      case RunnerFrame.SocketBinary bytes -> true;
      case RunnerFrame.SocketClosed closed -> true;
      case RunnerFrame.SocketFailed failed -> true;
      default -> false;
    };
  }

  /** It does not wait for the viewer, or the runner would wait with it. */
  private void ignore(RunnerFrame.OfStream frame) {
    backlog().went(frame.size());
  }

  private void beforeOpen(RunnerFrame.OfStream frame) {
    switch (frame) {
      case RunnerFrame.SocketOpened opened -> accept(opened.protocol());
      case RunnerFrame.SocketFailed failed -> refuse(failed.message());
      case RunnerFrame.SocketClosed closed ->
          refuse(closed.reason() == null ? "Local WebSocket closed" : closed.reason());
      default -> ignore(frame); // nothing else is said of a WebSocket that is not open
    }
  }

  private void refuse(String why) {
    finish();
    Answers.error(request, ErrorCode.RUNNER_UNREACHABLE, "Tunnel error: " + RelayFrames.cut(why));
  }

  private void accept(@Nullable String protocol) {
    opening = true;
    vertx.cancelTimer(timer);
    HttpServerResponse response = request.response();
    if (protocol != null && offered.contains(protocol)) {
      response.putHeader(PROTOCOL, protocol);
    }
    request.toWebSocket().onSuccess(this::enter).onFailure(gone -> leave(null, null));
  }

  private void enter(ServerWebSocket accepted) {
    socket = accepted;
    accepted.textMessageHandler(this::textToApp);
    accepted.binaryMessageHandler(this::bytesToApp);
    accepted.drainHandler(room -> passOn());
    accepted.exceptionHandler(failure -> {}); // always followed by a close
    accepted.closeHandler(closed -> leave(accepted.closeStatusCode(), accepted.closeReason()));
    passOn();
  }

  private void textToApp(String text) {
    if (over) {
      return;
    }
    if (connection.speaks(Extension.BIN1)) {
      connection.send(BinaryFrames.text(id(), text));
    } else {
      connection.send(RelayFrames.socketText(id(), text));
    }
    sent(ByteBufUtil.utf8Bytes(text));
  }

  private void bytesToApp(Buffer bytes) {
    if (over) {
      return;
    }
    if (connection.speaks(Extension.BIN1)) {
      connection.send(BinaryFrames.binary(id(), bytes));
    } else {
      connection.send(RelayFrames.socketBinary(id(), bytes));
    }
    sent(bytes.length());
  }

  private void sent(int bytes) {
    credit.spend(bytes);
    if (socket != null && (connection.isFull() || credit.isSpent())) {
      socket.pause();
      awaitTurn();
    }
  }

  private void awaitTurn() {
    connection.whenRoom(() -> context.runOnContext(now -> goOn()));
  }

  private void goOn() {
    if (socket != null && (over || !credit.isSpent())) {
      socket.resume();
    }
  }

  /** The runner has handed on so many bytes. */
  private void gain(int bytes) {
    boolean wasSpent = credit.isSpent();
    credit.gain(bytes);
    if (wasSpent && !credit.isSpent()) {
      awaitTurn();
    }
  }

  private void passOn() {
    ServerWebSocket viewer = socket;
    while (viewer != null && !over && !waiting.isEmpty() && !viewer.writeQueueFull()) {
      RunnerFrame.OfStream next = waiting.remove();
      backlog().went(next.size());
      switch (next) {
        case RunnerFrame.SocketText message -> viewer.writeTextMessage(message.text());
        case RunnerFrame.SocketBinary message -> viewer.writeBinaryMessage(message.data());
        case RunnerFrame.SocketClosed closed -> {
          Integer code = closed.code();
          int legal = code != null && RelayFrames.isSendable(code) ? code : NORMAL;
          end(viewer, (short) legal, closed.reason());
        }
        case RunnerFrame.SocketFailed failed -> end(viewer, INTERNAL_ERROR, failed.message());
        default -> throw new IllegalStateException("it does not wait for a viewer: " + next);
      }
    }
  }

  /** The app has ended it. */
  private void end(ServerWebSocket viewer, short code, @Nullable String reason) {
    finish();
    viewer.resume(); // or the viewer's close frame is never seen
    if (reason == null || reason.isEmpty()) {
      viewer.close(code);
    } else {
      viewer.close(code, RelayFrames.cut(reason));
    }
  }

  /** The viewer has ended it, or is gone. */
  private void leave(@Nullable Short code, @Nullable String reason) {
    if (!over) {
      connection.send(RelayFrames.socketClose(id(), code == null ? GOING_AWAY : code, reason));
      finish();
    }
  }

  private void finish() {
    over = true;
    waiting.clear();
    vertx.cancelTimer(timer);
    connection.forget(id());
  }
}
