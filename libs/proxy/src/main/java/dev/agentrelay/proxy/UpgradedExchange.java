package dev.agentrelay.proxy;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;

/** One upgrade (a WebSocket, say): after the 101, bytes pass both ways untouched. */
final class UpgradedExchange {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final HttpClientRequest upstream;
  private final ForwardedHeaders forwarded;

  UpgradedExchange(
      HttpServerRequest request, HttpClientRequest upstream, ForwardedHeaders forwarded) {
    this.request = request;
    this.response = request.response();
    this.upstream = upstream;
    this.forwarded = forwarded;
  }

  void start() {
    response.closeHandler(gone -> upstream.reset());
    Headers.copyEndToEnd(request.headers(), upstream.headers());
    Headers.forward(request, upstream.headers(), forwarded);
    upstream.putHeader(HttpHeaders.CONNECTION, "Upgrade");
    upstream.putHeader(HttpHeaders.UPGRADE, request.getHeader(HttpHeaders.UPGRADE));
    upstream
        .connect()
        .onFailure(failure -> ProxyFailure.UNAVAILABLE.answer(request))
        .onSuccess(this::answer);
  }

  private void answer(HttpClientResponse answer) {
    response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    Headers.copyEndToEnd(answer.headers(), response.headers());
    if (answer.statusCode() != 101) {
      refuse(answer);
      return;
    }
    NetSocket far = answer.netSocket();
    far.pause();
    response.putHeader(HttpHeaders.CONNECTION, "Upgrade");
    response.putHeader(HttpHeaders.UPGRADE, answer.getHeader(HttpHeaders.UPGRADE));
    request
        .toNetSocket()
        .onFailure(gone -> far.close())
        .onSuccess(
            near -> {
              near.pause();
              pass(near, far);
              pass(far, near);
            });
  }

  private void refuse(HttpClientResponse answer) {
    if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
      response.setChunked(true);
    }
    request.resume();
    answer.pipe().endOnFailure(false).to(response).onFailure(cut -> response.reset());
  }

  /** What was read is written before the other side is closed, so that a last word arrives. */
  private static void pass(NetSocket from, NetSocket to) {
    from.pipe().endOnFailure(true).to(to).onFailure(broken -> from.close());
  }
}
