package dev.agentrelay.socketio.engine;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one HTTP request, with the headers that all engine answers carry (contract section
 * 1.1 and 1.4). Any thread.
 */
final class EngineReply {
  private final HttpServerResponse response;
  private final boolean closable;

  EngineReply(HttpServerRequest request, Predicate<String> trustedOrigins) {
    response = request.response();
    closable = request.version() != HttpVersion.HTTP_2; // where only the stream ends
    response.putHeader(HttpHeaders.VARY, "Origin");
    response.putHeader("Access-Control-Allow-Credentials", "true");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin != null && trustedOrigins.test(origin)) {
      response.putHeader("Access-Control-Allow-Origin", origin);
    }
  }

  void onConnectionClosed(Handler<Void> handler) {
    response.closeHandler(handler);
  }

  void packets(Buffer body) {
    end(200, "text/plain; charset=UTF-8", body);
  }

  void packets(String body) {
    packets(Buffer.buffer(body));
  }

  void accepted() {
    end(200, "text/html", Buffer.buffer("ok"));
  }

  void refuse(EngineError error) {
    end(400, "application/json", error.body());
  }

  void unavailable() {
    response.putHeader(HttpHeaders.RETRY_AFTER, "1");
    end(
        503,
        "application/json",
        Buffer.buffer("{\"code\":3,\"message\":\"Server is going away\"}"));
  }

  /** The body is too long: answered before it is read, so the connection cannot go on. */
  void tooLarge() {
    if (closable) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    end(413, "text/plain", Buffer.buffer());
  }

  void preflight(@Nullable String requestedHeaders) {
    response.putHeader("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE");
    if (requestedHeaders != null) {
      response.putHeader("Access-Control-Allow-Headers", requestedHeaders);
      response.putHeader(HttpHeaders.VARY, "Origin, Access-Control-Request-Headers");
    }
    if (!response.ended()) {
      response.setStatusCode(204).end();
    }
  }

  private void end(int status, String contentType, Buffer body) {
    if (!response.ended() && !response.closed()) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, contentType).setStatusCode(status).end(body);
    }
  }
}
