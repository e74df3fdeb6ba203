package dev.agentrelay.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Answers of the proxy itself. */
enum ProxyFailure {
  UNAVAILABLE(503, "unavailable", "The service is not available right now, try again in a moment"),
  TIMEOUT(504, "timeout", "The service did not answer in time");

  private final int status;
  private final String code;
  private final String text;

  ProxyFailure(int status, String code, String text) {
    this.status = status;
    this.code = code;
    this.text = text;
  }

  /** Says so to the client, or cuts the answer short when its head was sent already. */
  void answer(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    if (response.headWritten()) {
      response.reset();
      return;
    }
    response.headers().clear();
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json;charset=utf-8")
        .putHeader("Cache-Control", "no-store");
    if (this == UNAVAILABLE) {
      response.putHeader("Retry-After", "1");
    }
    response.end("{\"error\":\"" + text + "\",\"code\":\"" + code + "\"}");
    // What is left of the request's body is read and dropped, so that the connection stays usable.
    request.resume();
  }
}
