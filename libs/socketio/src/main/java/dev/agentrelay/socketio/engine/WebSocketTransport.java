package dev.agentrelay.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A WebSocket. Its channel may live on another event loop than the connection (after an upgrade
 * from polling): then both directions hop, in order.
 */
final class WebSocketTransport implements Transport {
  private static final short TOO_BIG = 1009;

  private final EngineConnection connection;
  private final ServerWebSocket socket;
  private final WebSocketChannel channel;
  private final EventLoop loop;
  private final MessageAssembler assembler;
  private final AtomicLong hoppingBytes = new AtomicLong();

  /** Starts to read at once: on the channel's event loop, before its next frame. */
  WebSocketTransport(
      EngineConnection connection,
      ServerWebSocket socket,
      WebSocketChannel channel,
      int maxPayload) {
    this.connection = connection;
    this.socket = socket;
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.assembler = new MessageAssembler(maxPayload);
    socket.frameHandler(this::onFrame);
    socket.exceptionHandler(failure -> {}); // always followed by a close
    socket.closeHandler(closed -> connection.execute(() -> connection.onTransportClosed(this)));
  }

  private void onFrame(WebSocketFrame frame) {
    if (!frame.isText() && !frame.isBinary() && !frame.isContinuation()) {
      return; // Vert.x answers pings and closes
    }
    if (assembler.exceeds(frame)) {
      socket.close(TOO_BIG);
      connection.execute(() -> connection.onTransportFailed(this, CloseReason.PARSE_ERROR));
      return;
    }
    MessageAssembler.Message message = assembler.add(frame);
    if (message != null) {
      connection.execute(() -> connection.onMessage(this, message));
    }
  }

  @Override
  public void send(EngineFrame frame) {
    write(SharedFrame.copy(frame));
  }

  @Override
  public void send(SharedFrame frame) {
    write(frame.claim());
  }

  private void write(ByteBuf frame) {
    if (loop.inEventLoop()) {
      channel.write(frame);
      return;
    }
    int size = frame.readableBytes();
    hoppingBytes.addAndGet(size);
    loop.execute(
        () -> {
          hoppingBytes.addAndGet(-size);
          channel.write(frame);
        });
  }

  @Override
  public void pause() {
    onLoop(socket::pause);
  }

  @Override
  public void resume() {
    onLoop(socket::resume);
  }

  @Override
  public long pendingBytes() {
    return hoppingBytes.get() + channel.pendingBytes();
  }

  @Override
  public boolean close(CloseReason reason) {
    if (reason == CloseReason.SLOW_CONSUMER || reason == CloseReason.PING_TIMEOUT) {
      onLoop(channel::abort); // such a client does not read a farewell
    } else {
      onLoop(
          () -> {
            channel.flush();
            socket.resume(); // or the client's close frame is never seen
            if (!socket.isClosed()) {
              socket.close(reason.webSocketStatus());
            }
          });
    }
    return false;
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }
}
