package dev.agentrelay.socketio.engine;

import io.vertx.core.buffer.Buffer;

/** The errors an engine request is answered with, as {@code 400 {"code":…,"message":…}}. */
enum EngineError {
  UNKNOWN_TRANSPORT(0, "Transport unknown"),
  UNKNOWN_SID(1, "Session ID unknown"),
  BAD_HANDSHAKE_METHOD(2, "Bad handshake method"),
  BAD_REQUEST(3, "Bad request"),
  UNSUPPORTED_PROTOCOL(5, "Unsupported protocol version");

  private final String json;

  EngineError(int code, String message) {
    this.json = "{\"code\":" + code + ",\"message\":\"" + message + "\"}";
  }

  Buffer body() {
    return Buffer.buffer(json);
  }
}
