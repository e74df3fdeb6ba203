package dev.agentrelay.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Answers of the proxy itself. */
enum ProxyFailure {
  UNAVAILABLE(
      503, "unavailable", "The service is not available right now, try again in a moment", 1),

  /**
   * The service may have done it. Who comes again before a service that was killed counts as dead
   * would have it done twice (docs/adr/0023-dead-replicas-hold-nothing-up.md).
   */
  BROKEN(503, "unavailable", "The service broke off, try again in a moment", 6),

  TIMEOUT(504, "timeout", "The service did not answer in time", 0);

  private final int status;
  private final String code;
  private final String text;
  private final int retryAfterSeconds;

  /**
   * @param retryAfterSeconds 0 when it says nothing about coming again
   */
  ProxyFailure(int status, String code, String text, int retryAfterSeconds) {
    this.status = status;
    this.code = code;
    this.text = text;
    this.retryAfterSeconds = retryAfterSeconds;
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
    if (retryAfterSeconds > 0) {
      response.putHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }
    response.end("{\"error\":\"" + text + "\",\"code\":\"" + code + "\"}");
    // What is left of the request's body is read and dropped, so that the connection stays usable.
    request.resume();
  }
}
