package dev.agentrelay.tunnel.connection;

import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;

/**
 * Text frames of bytes that are UTF-8 already. Like {@link RegistrationLimit} it uses internals of
 * Vert.x 4.5, whose own factory takes strings and encodes each character twice.
 */
final class TextFrame {
  private TextFrame() {}

  static WebSocketFrame of(byte[] utf8) {
    return new WebSocketFrameImpl(WebSocketFrameType.TEXT, utf8, true);
  }
}
