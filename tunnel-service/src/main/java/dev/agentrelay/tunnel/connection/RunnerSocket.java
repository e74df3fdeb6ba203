package dev.agentrelay.tunnel.connection;

import dev.agentrelay.tunnel.TunnelConfig;
import dev.agentrelay.tunnel.connection.TunnelRegistrar.Outcome;
import dev.agentrelay.tunnel.wire.BinaryFrames;
import dev.agentrelay.tunnel.wire.Extension;
import dev.agentrelay.tunnel.wire.FrameReader;
import dev.agentrelay.tunnel.wire.RelayFrames;
import dev.agentrelay.tunnel.wire.RunnerFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One WebSocket on {@code /_tunnel}, from its first byte on. Lives on its event loop. */
final class RunnerSocket {
  private static final Logger LOG = Logger.getLogger(RunnerSocket.class);
  private static final int MAX_BYTES_BEFORE_REGISTER = 16 * 1024;
  private static final Duration TRY_AGAIN = Duration.ofSeconds(1);
  private static final short POLICY_VIOLATION = 1008;
  private static final short TOO_BIG = 1009;

  private final ServerWebSocket socket;
  private final Vertx vertx;
  private final Context context;
  private final RegistrationLimit limit;
  private final TunnelRegistrar registrar;
  private final long deadline;
  private RunnerFrame.@Nullable Register asked;
  private @Nullable TunnelConnection connection;
  private @Nullable Buffer fragments;
  private boolean isBinary;
  private boolean closed;

  RunnerSocket(
      ServerWebSocket socket,
      Vertx vertx,
      Context context,
      RegistrationLimit limit,
      TunnelRegistrar registrar,
      TunnelConfig config) {
    this.socket = socket;
    this.vertx = vertx;
    this.context = context;
    this.limit = limit;
    this.registrar = registrar;
    this.deadline =
        vertx.setTimer(config.registerWithin().toMillis(), late -> socket.close(POLICY_VIOLATION));
    socket.frameHandler(this::onFrame);
    socket.exceptionHandler(failure -> {}); // always followed by a close
    socket.closeHandler(gone -> onClose());
  }

  private void onFrame(WebSocketFrame frame) {
    if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
      return; // Vert.x answers pings and closes
    }
    Buffer bytes = frame.binaryData();
    int before = fragments == null ? 0 : fragments.length();
    int most = connection == null ? MAX_BYTES_BEFORE_REGISTER : FrameReader.MAX_FRAME_BYTES;
    if (before + bytes.length() > most) {
      socket.close(TOO_BIG);
      return;
    }
    if (fragments != null) {
      bytes = fragments.appendBuffer(bytes);
    }
    fragments = frame.isFinal() ? null : frame.isContinuation() ? bytes : bytes.copy();
    isBinary = frame.isContinuation() ? isBinary : frame.isBinary();
    if (frame.isFinal()) {
      onMessage(bytes);
    }
  }

  private void onMessage(Buffer message) {
    registrar.received(message.length());
    TunnelConnection registered = connection;
    if (registered != null) {
      registered.heard(message.length());
      if (isBinary && registered.speaks(Extension.BIN1) && BinaryFrames.is(message)) {
        BinaryFrames.read(message).forEach(registered::receive);
        return;
      }
    }
    RunnerFrame frame = FrameReader.read(message).orElse(null);
    switch (frame) {
      case null -> LOG.debugf("A frame of %d bytes from a runner was dropped", message.length());
      case RunnerFrame.Register register -> onRegister(register);
      case RunnerFrame.OfStream about -> {
        if (registered != null) {
          registered.receive(about);
        }
      }
      case RunnerFrame.Pong pong -> {}
    }
  }

  private void onRegister(RunnerFrame.Register register) {
    if (asked == null) {
      vertx.cancelTimer(deadline);
      asked = register;
      register(register);
    } else {
      LOG.debugf("A second registration on the connection of runner %s", asked.runnerId());
    }
  }

  private void register(RunnerFrame.Register register) {
    registrar
        .register(register, socket, context)
        .onComplete(result -> context.runOnContext(now -> settle(register, result.result())));
  }

  private void settle(RunnerFrame.Register register, @Nullable Outcome outcome) {
    switch (outcome) {
      case null -> {
        if (!closed) {
          vertx.setTimer(
              TRY_AGAIN.toMillis(),
              again -> {
                if (!closed) {
                  register(register);
                }
              });
        }
      }
      case Outcome.Refused refused -> {
        if (!closed) {
          LOG.infof("Runner %s gets no tunnel: %s", register.runnerId(), refused.message());
          socket.writeFinalTextFrame(RelayFrames.error(refused.message()));
          socket.close();
        }
      }
      case Outcome.Registered registered -> {
        if (closed) {
          registrar.abandon(registered.connection());
        } else {
          TunnelConnection own = registered.connection();
          connection = own;
          limit.lift();
          own.send(RelayFrames.registered(register.runnerId(), own.extensions()));
          registrar.enter(registered);
        }
      }
    }
  }

  private void onClose() {
    closed = true;
    vertx.cancelTimer(deadline);
    if (connection != null) {
      registrar.drop(connection, TunnelLoss.GONE);
    }
  }
}
