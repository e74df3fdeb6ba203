package dev.agentrelay.platform.identity;

import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.time.SharedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Asks auth-service, above all for the identity behind a credential. Never blocks. */
@ApplicationScoped
public class AuthServiceClient {
  public static final String EXCHANGE_PATH = "/internal/exchange";
  public static final String KEYS_PATH = "/internal/keys";

  private static final int CONNECTIONS = 16;

  /** How many questions wait for a connection; more are refused at once. */
  static final int WAITING = 10_000;

  private final HttpClient http;
  private final String base;
  private final String secret;
  private final Duration timeout;
  private final InstantSource clock;
  private volatile JsonWebKeySet keys = new JsonWebKeySet(List.of());

  @Inject
  AuthServiceClient(Vertx vertx, RelayConfig config, InternalSecret secret, SharedClock clock) {
    this(vertx, config, secret, (InstantSource) clock);
  }

  AuthServiceClient(Vertx vertx, RelayConfig config, InternalSecret secret, InstantSource clock) {
    this.clock = clock;
    this.base = config.auth().url().toString().replaceAll("/+$", "");
    this.secret = secret.value();
    this.timeout = config.auth().timeout();
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setMaxWaitQueueSize(WAITING),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /**
   * The identity behind a credential; empty when auth-service knows none. Fails when auth-service
   * is away, answers strangely or too late.
   */
  Uni<Optional<IdentityToken>> exchange(Credential credential) {
    JsonObject body =
        switch (credential) {
          case Credential.ApiKey key -> new JsonObject().put("apiKey", key.value());
          case Credential.SessionCookie cookie -> new JsonObject().put("cookie", cookie.value());
        };
    return UniHelper.toUni(send(HttpMethod.POST, EXCHANGE_PATH, body).compose(this::readAnswer))
        .ifNoItem()
        .after(timeout)
        .fail();
  }

  /**
   * What auth-service answers on one of its internal paths. Fails when it is away, answers
   * strangely or too late.
   */
  public Uni<JsonObject> get(String path) {
    return UniHelper.toUni(send(HttpMethod.GET, path, null)).ifNoItem().after(timeout).fail();
  }

  private Future<Optional<IdentityToken>> readAnswer(JsonObject answer) {
    String token = answer.getString("token");
    return token == null
        ? Future.succeededFuture(Optional.empty())
        : verify(token).map(Optional::of);
  }

  private Future<IdentityToken> verify(String token) {
    try {
      return Future.succeededFuture(IdentityToken.verify(token, keys, clock.instant()));
    } catch (InvalidJwtException unknownKey) {
      // Most likely signed with a key newer than those we have.
      return send(HttpMethod.GET, KEYS_PATH, null).compose(fresh -> verify(token, fresh));
    }
  }

  private Future<IdentityToken> verify(String token, JsonObject freshKeys) {
    try {
      JsonWebKeySet fresh = new JsonWebKeySet(freshKeys.encode());
      IdentityToken identity = IdentityToken.verify(token, fresh, clock.instant());
      keys = fresh;
      return Future.succeededFuture(identity);
    } catch (JoseException | InvalidJwtException e) {
      return Future.failedFuture(e);
    }
  }

  /**
   * Sends once more when the connection was lost: to the replica that takes over from one that has
   * just ended. Every question may be asked twice.
   */
  private Future<JsonObject> send(HttpMethod method, String path, @Nullable JsonObject body) {
    return sendOnce(method, path, body)
        .recover(
            failure ->
                isLostConnection(failure)
                    ? sendOnce(method, path, body)
                    : Future.failedFuture(failure));
  }

  private static boolean isLostConnection(Throwable failure) {
    return failure instanceof HttpClosedException || failure instanceof IOException;
  }

  private Future<JsonObject> sendOnce(HttpMethod method, String path, @Nullable JsonObject body) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(base + path)
            .setIdleTimeout(timeout.toMillis())
            .putHeader(InternalSecret.HEADER, secret)
            .putHeader("content-type", "application/json");
    // The answer is read in the turn that brings it: a step added later could miss the body.
    return http.request(options)
        .compose(request -> send(request, body).compose(AuthServiceClient::readJson));
  }

  private static Future<HttpClientResponse> send(
      HttpClientRequest request, @Nullable JsonObject body) {
    return body == null ? request.send() : request.send(body.toBuffer());
  }

  private static Future<JsonObject> readJson(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture(
          new IllegalStateException("auth-service answered " + response.statusCode()));
    }
    return response.body().map(body -> new JsonObject(body));
  }
}
