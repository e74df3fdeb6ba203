package dev.agentrelay.tunnel.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Ends a connection that sends more than a registration needs before it has registered. Below the
 * WebSocket, which gathers a whole frame, as long as a runner's may be, before it shows any of it:
 * anybody could fill the memory with those. Lives on the connection's event loop.
 */
final class RegistrationLimit extends ChannelInboundHandlerAdapter {
  /** One message as {@link RunnerSocket} takes it then, and what may be around it. */
  private static final int MAX_BYTES = 64 * 1024;

  private long left = MAX_BYTES;

  private RegistrationLimit() {}

  /** Puts a limit on what comes from now on. */
  static RegistrationLimit on(HttpConnection connection) {
    RegistrationLimit limit = new RegistrationLimit();
    ((ConnectionBase) connection).channel().pipeline().addFirst(limit);
    return limit;
  }

  /** The runner has registered. */
  void lift() {
    left = Long.MAX_VALUE;
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    left -= message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
    if (left < 0) {
      ReferenceCountUtil.release(message);
      var unused = channel.close();
    } else {
      channel.fireChannelRead(message);
    }
  }
}
