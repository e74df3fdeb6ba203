package dev.agentrelay.gateway.attachment;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.config.SessionServiceConfig;
import dev.agentrelay.platform.config.InternalSecret;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.quarkus.arc.DefaultBean;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;

/** Hands images to session-service, which owns the attachments. Never blocks. */
@DefaultBean
@Singleton
class SessionServiceImages implements ImageStore {
  private static final String PATH = "/internal/attachments/images";
  private static final int CONNECTIONS = 8;
  private static final int WAITING = 1_000;

  private final HttpClient http;
  private final RequestOptions request;

  SessionServiceImages(
      Vertx vertx, GatewayConfig config, SessionServiceConfig service, InternalSecret secret) {
    int timeout = (int) config.attachments().timeout().toMillis();
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(timeout).setMaxWaitQueueSize(WAITING),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    this.request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(service.url().toString().replaceAll("/+$", "") + PATH)
            .setTimeout(timeout)
            .setIdleTimeout(timeout)
            .putHeader(InternalSecret.HEADER, secret.value())
            .putHeader("content-type", "text/plain");
  }

  @Override
  public Future<Void> store(UserId owner, SessionId session, InlineImage image) {
    QueryStringEncoder uri = new QueryStringEncoder(PATH);
    uri.addParam("userId", owner.value());
    uri.addParam("sessionId", session.value());
    uri.addParam("mediaType", image.mediaType());
    return http.request(new RequestOptions(request).setURI(uri.toString()))
        .compose(open -> open.send(image.base64()).compose(SessionServiceImages::check));
  }

  private static Future<Void> check(HttpClientResponse response) {
    return response.statusCode() / 100 == 2
        ? response.end()
        : Future.failedFuture("session-service answered " + response.statusCode());
  }
}
