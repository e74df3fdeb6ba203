package dev.agentrelay.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.impl.ws.WebSocketFrameInternal;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The Netty channel under a Vert.x WebSocket: the only class that uses Vert.x internals, all of
 * them of Vert.x 4.5.
 *
 * <p>Ready-made frames are written past the frame encoder (it lets bytes through), so that one
 * buffer serves all receivers and flushing is ours to time. There is no other way to write: a
 * Vert.x without these internals needs a new class here. Confined to the channel's event loop,
 * except {@link #eventLoop} and {@link #pendingBytes}.
 */
final class WebSocketChannel {
  private static final int FLUSH_AT_BYTES = 256 * 1024;

  private final ChannelHandlerContext context;
  private int unflushedBytes;
  private boolean queued;

  private WebSocketChannel(ChannelHandlerContext context) {
    this.context = context;
  }

  static WebSocketChannel of(HttpServerRequest request) {
    return new WebSocketChannel(((ConnectionBase) request.connection()).channelHandlerContext());
  }

  /**
   * Keeps the server from accepting permessage-deflate whatever its options say; before the
   * upgrade.
   */
  static void refuseCompression(HttpServerRequest request) {
    var pipeline = ((ConnectionBase) request.connection()).channelHandlerContext().pipeline();
    if (pipeline.get(WebSocketServerExtensionHandler.class) != null) {
      pipeline.remove(WebSocketServerExtensionHandler.class);
    }
  }

  /** The bytes of a received frame, unmasked; the buffer is unpooled and nobody else's. */
  static ByteBuf content(WebSocketFrame frame) {
    return ((WebSocketFrameInternal) frame).getBinaryData();
  }

  EventLoop eventLoop() {
    return context.channel().eventLoop();
  }

  void write(ByteBuf frame) {
    unflushedBytes += frame.readableBytes();
    var unused = context.write(frame, context.voidPromise()); // a failed write closes the channel
    if (unflushedBytes >= FLUSH_AT_BYTES) {
      flush();
    } else if (!queued) {
      queued = true;
      FlushQueue.add(this, eventLoop());
    }
  }

  void flush() {
    queued = false;
    unflushedBytes = 0;
    context.flush();
  }

  /** Bytes written and not yet taken by TCP, with Netty's own small surcharge per message. */
  long pendingBytes() {
    ChannelOutboundBuffer outgoing = context.channel().unsafe().outboundBuffer();
    return outgoing == null ? 0 : outgoing.totalPendingWriteBytes();
  }

  /**
   * Resets TCP at once and drops what waits. Without the reset the kernel would keep megabytes for
   * a client that takes nothing, and give up after a while without a word to it.
   */
  void abort() {
    context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    var unused = context.close();
  }
}
