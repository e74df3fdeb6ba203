package dev.agentrelay.tunnel.wire;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a runner says (tunnel.md 2.3). */
public sealed interface RunnerFrame {

  /** A frame about one stream. */
  sealed interface OfStream extends RunnerFrame {
    String id();
  }

  /**
   * The first word of a connection.
   *
   * @param caps the extensions that the runner speaks; empty from today's clients
   */
  record Register(String runnerId, String apiKey, List<String> caps) implements RunnerFrame {
    @Override
    public String toString() {
      return "Register[" + runnerId + "]";
    }
  }

  /** Answer to a ping. */
  record Pong() implements RunnerFrame {}

  /** One header of an answer; a repeated one is several of these. */
  record Header(String name, String value) {}

  /** Status and headers of an answer. */
  record ResponseStart(String id, int status, List<Header> headers) implements OfStream {}

  /** Bytes of an answer's body. */
  record ResponseData(String id, Buffer data) implements OfStream {}

  /** The answer is complete. */
  record ResponseEnd(String id) implements OfStream {}

  /** The answer broke in the middle. */
  record ResponseAbort(String id, @Nullable String reason) implements OfStream {}

  /** The runner gives up on a request. */
  record RequestEnd(String id) implements OfStream {}

  /** The app's WebSocket is open. */
  record SocketOpened(String id, @Nullable String protocol) implements OfStream {}

  /** One text message of the app's WebSocket. */
  record SocketText(String id, String text) implements OfStream {}

  /** One binary message of the app's WebSocket. */
  record SocketBinary(String id, Buffer data) implements OfStream {}

  /** The app has closed its WebSocket. */
  record SocketClosed(String id, @Nullable Integer code, @Nullable String reason)
      implements OfStream {}

  /** The app's WebSocket failed, or could not be opened. */
  record SocketFailed(String id, String message) implements OfStream {}

  /** The runner has handed on so many bytes of a stream; only with {@link Extension#CREDIT1}. */
  record Window(String id, int bytes) implements OfStream {}

  /** What a message of a WebSocket costs besides its content, so that empty ones count as well. */
  int MESSAGE_BYTES = 128;

  /** About how many bytes of memory a frame takes that waits; of a body, just how many it has. */
  default int size() {
    return switch (this) {
      case ResponseData body -> body.data().length();
      case SocketText message -> MESSAGE_BYTES + message.text().length();
      case SocketBinary message -> MESSAGE_BYTES + message.data().length();
      default -> 0;
    };
  }

  /** How many bytes of content it has, as they are. */
  default int contentBytes() {
    return switch (this) {
      case ResponseData body -> body.data().length();
      case SocketText message -> ByteBufUtil.utf8Bytes(message.text());
      case SocketBinary message -> message.data().length();
      default -> 0;
    };
  }
}
