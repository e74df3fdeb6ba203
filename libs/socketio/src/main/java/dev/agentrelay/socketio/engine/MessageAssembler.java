package dev.agentrelay.socketio.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.http.WebSocketFrame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the fragments of a WebSocket message together, up to a size. A message of one frame is not
 * copied.
 */
final class MessageAssembler {
  /** A whole message at its place in an array that nobody changes any more. */
  static final class Message {
    private final boolean text;
    private final byte[] array;
    private final int offset;
    private final int length;

    Message(boolean text, byte[] array, int offset, int length) {
      this.text = text;
      this.array = array;
      this.offset = offset;
      this.length = length;
    }

    boolean text() {
      return text;
    }

    byte[] array() {
      return array;
    }

    int offset() {
      return offset;
    }

    int length() {
      return length;
    }
  }

  private final int maxLength;
  private byte @Nullable [] collected;
  private int length;
  private boolean text;

  MessageAssembler(int maxLength) {
    this.maxLength = maxLength;
  }

  /** True if this frame would make the message longer than allowed. */
  boolean exceeds(WebSocketFrame frame) {
    return (long) length + WebSocketChannel.content(frame).readableBytes() > maxLength;
  }

  /** The message, if this data frame completed it. */
  @Nullable Message add(WebSocketFrame frame) {
    ByteBuf content = WebSocketChannel.content(frame);
    boolean first = !frame.isContinuation();
    if (first && frame.isFinal()) {
      return single(frame.isText(), content);
    }
    if (first) {
      text = frame.isText();
      length = 0;
    }
    append(content);
    if (!frame.isFinal()) {
      return null;
    }
    Message message = new Message(text, collected == null ? new byte[0] : collected, 0, length);
    collected = null;
    length = 0;
    return message;
  }

  private static Message single(boolean text, ByteBuf content) {
    if (content.hasArray()) {
      int offset = content.arrayOffset() + content.readerIndex();
      return new Message(text, content.array(), offset, content.readableBytes());
    }
    byte[] copy = ByteBufUtil.getBytes(content);
    return new Message(text, copy, 0, copy.length);
  }

  private void append(ByteBuf content) {
    int size = content.readableBytes();
    byte[] target = collected;
    if (target == null) {
      target = new byte[2 * size];
    } else if (target.length - length < size) {
      target =
          Arrays.copyOf(
              target, (int) Math.min(maxLength, Math.max(length + size, 2L * target.length)));
    }
    content.getBytes(content.readerIndex(), target, length, size);
    collected = target;
    length += size;
  }
}
