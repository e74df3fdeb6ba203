package dev.agentrelay.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Set;

/** One request and its answer, both streamed. Lives on the request's event loop. */
final class PlainExchange {
  /** What may be done twice (RFC 9110, 9.2.2). */
  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final HttpClientRequest upstream;
  private final ProxyOptions options;
  private long headTimer = NO_TIMER;
  private boolean answered;

  PlainExchange(
      Vertx vertx, HttpServerRequest request, HttpClientRequest upstream, ProxyOptions options) {
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.upstream = upstream;
    this.options = options;
  }

  void start() {
    // Only a client that leaves early closes the connection while this is set.
    response.closeHandler(gone -> cancel());
    response.exceptionHandler(gone -> cancel());
    upstream.response().onSuccess(this::answer).onFailure(this::fail);
    Headers.copyEndToEnd(request.headers(), upstream.headers());
    Headers.forward(request, upstream.headers(), options.forwarded());
    upstream.headers().remove(HttpHeaders.EXPECT);
    if (!hasBody()) {
      upstream.end();
      awaitHead();
      request.resume();
      return;
    }
    if (!upstream.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      upstream.setChunked(true);
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      response.writeContinue();
    }
    request
        .pipe()
        .endOnFailure(false)
        .to(upstream)
        .onSuccess(sent -> awaitHead())
        // The answer may be on its way all the same: a server may refuse a body half-way.
        .onFailure(unsent -> request.resume());
  }

  private boolean hasBody() {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return true;
    }
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      return !length.equals("0");
    }
    return request.version() == HttpVersion.HTTP_2 && !request.isEnded();
  }

  private void awaitHead() {
    if (!answered) {
      headTimer =
          vertx.setTimer(
              options.headTimeout().toMillis(),
              late -> {
                answered = true;
                ProxyFailure.TIMEOUT.answer(request);
                cancel();
              });
    }
  }

  private void answer(HttpClientResponse answer) {
    if (answered) {
      return;
    }
    answered = true;
    vertx.cancelTimer(headTimer);
    response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    Headers.copyEndToEnd(answer.headers(), response.headers());
    if (isBodiless(answer)) {
      answer.endHandler(end -> response.end());
      answer.exceptionHandler(cut -> response.reset());
      answer.resume();
      return;
    }
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    answer.pipe().endOnFailure(false).to(response).onFailure(this::cutShort);
  }

  private boolean isBodiless(HttpClientResponse answer) {
    int status = answer.statusCode();
    return request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
  }

  private void fail(Throwable failure) {
    if (!answered) {
      answered = true;
      vertx.cancelTimer(headTimer);
      (IDEMPOTENT.contains(request.method()) ? ProxyFailure.UNAVAILABLE : ProxyFailure.BROKEN)
          .answer(request);
    }
  }

  /** A truncated answer must not look complete. */
  private void cutShort(Throwable failure) {
    upstream.reset();
    response.reset();
  }

  private void cancel() {
    vertx.cancelTimer(headTimer);
    upstream.reset();
  }
}
