package dev.agentrelay.gateway.subscription;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.config.TriggerServiceConfig;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The subscriptions and listeners of a runner, as trigger-service has stored them. */
@Singleton
class StoredSubscriptions {
  private static final int CONNECTIONS = 16;
  private static final int WAITING = 10_000;

  private final HttpClient http;
  private final String base;
  private final String secret;
  private final long timeoutMillis;

  StoredSubscriptions(Vertx vertx, TriggerServiceConfig config, InternalSecret secret) {
    this.base = config.url().toString().replaceAll("/+$", "");
    this.secret = secret.value();
    this.timeoutMillis = config.timeout().toMillis();
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) timeoutMillis)
                .setMaxWaitQueueSize(WAITING),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /**
   * All entries of the runner, a JSON array. Fails when trigger-service is away: an empty list
   * would have the daemon cancel every schedule.
   */
  Future<RawJson> of(RunnerId runner, UserId owner) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(
                base
                    + "/internal/runners/"
                    + encoded(runner.value())
                    + "/trigger-subscriptions?userId="
                    + encoded(owner.value()))
            .setTimeout(timeoutMillis)
            .setIdleTimeout(timeoutMillis)
            .putHeader(InternalSecret.HEADER, secret);
    return http.request(options).compose(request -> request.send().compose(this::read));
  }

  private Future<RawJson> read(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("trigger-service answered " + response.statusCode());
    }
    return response
        .body()
        .compose(
            body -> {
              RawObject answer = RawObject.parse(RawJson.of(body.getBytes()));
              RawJson list = answer == null ? null : answer.get("subscriptions");
              return list == null || JsonValues.elements(list) == null
                  ? Future.failedFuture("trigger-service answered without a list")
                  : Future.succeededFuture(list);
            });
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
