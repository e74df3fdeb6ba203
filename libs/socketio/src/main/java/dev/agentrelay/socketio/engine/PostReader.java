package dev.agentrelay.socketio.engine;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reads the body of one polling POST on the request's event loop and brings it to the connection's.
 */
final class PostReader {
  private final EngineConnection connection;
  private final HttpServerRequest request;
  private final EngineReply reply;
  private final int maxPayload;
  private final Buffer body = Buffer.buffer();
  private boolean refused;

  PostReader(
      EngineConnection connection, HttpServerRequest request, EngineReply reply, int maxPayload) {
    this.connection = connection;
    this.request = request;
    this.reply = reply;
    this.maxPayload = maxPayload;
  }

  void read() {
    connection.execute(this::begin);
    if (declaredLength() > maxPayload) {
      refuseLength();
      return;
    }
    request.exceptionHandler(failure -> fail(CloseReason.TRANSPORT_ERROR));
    request.endHandler(end -> finish());
    request.handler(this::append);
    request.resume();
  }

  private long declaredLength() {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void append(Buffer chunk) {
    if (refused) {
      return;
    }
    if ((long) body.length() + chunk.length() > maxPayload) {
      refuseLength();
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void refuseLength() {
    refused = true;
    reply.tooLarge();
    fail(CloseReason.PARSE_ERROR);
  }

  private void fail(CloseReason reason) {
    connection.execute(() -> connection.close(reason));
  }

  private void begin() {
    PollingTransport polling = connection.polling();
    if (polling == null || connection.isClosed() || !polling.beginPost(reply)) {
      reply.refuse(EngineError.BAD_REQUEST);
    }
  }

  private void finish() {
    if (refused) {
      return;
    }
    byte[] packets = body.getBytes();
    connection.execute(
        () -> {
          PollingTransport polling = connection.polling();
          if (polling != null && !connection.isClosed()) {
            polling.onBody(packets);
          }
        });
  }
}
