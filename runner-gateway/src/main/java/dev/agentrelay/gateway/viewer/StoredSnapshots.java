package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.config.SessionServiceConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** The last states of sessions that session-service keeps when Redis has forgotten them. */
@Singleton
class StoredSnapshots {
  private static final int CONNECTIONS = 8;
  private static final int WAITING = 1_000;

  private final HttpClient http;
  private final String base;
  private final String secret;
  private final Duration timeout;

  StoredSnapshots(Vertx vertx, SessionServiceConfig config, InternalSecret secret) {
    this.base = config.url().toString().replaceAll("/+$", "");
    this.secret = secret.value();
    this.timeout = config.timeout();
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setMaxWaitQueueSize(WAITING),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  /**
   * The last {@code session_active} event of a session of that user, with what was newer when the
   * session ended laid over it; empty when there is none, or the session is not that user's. Fails
   * when session-service is away.
   */
  Future<Optional<RawJson>> find(SessionId session, UserId user) {
    return get(session, "/snapshot?userId=" + encoded(user.value()))
        .map(found -> found.map(StoredSnapshots::whole));
  }

  private static RawJson whole(RawJson kept) {
    RawObject members = RawObject.parse(kept);
    RawJson event = members == null ? null : members.get("event");
    if (members == null || event == null) {
      throw new IllegalStateException("session-service answered with a state without an event");
    }
    return Snapshots.whole(event, members.object("overlay"));
  }

  /**
   * A page of that state's messages, {@code {"messages","hasMore","oldestIndex"}}, as {@link #find}
   * otherwise.
   */
  Future<Optional<RawJson>> messages(SessionId session, UserId user, long before, long limit) {
    return get(
        session,
        "/messages?userId=" + encoded(user.value()) + "&before=" + before + "&limit=" + limit);
  }

  private Future<Optional<RawJson>> get(SessionId session, String what) {
    RequestOptions options =
        new RequestOptions()
            .setAbsoluteURI(base + "/internal/sessions/" + encoded(session.value()) + what)
            .setIdleTimeout(timeout.toMillis())
            .putHeader(InternalSecret.HEADER, secret);
    return http.request(options).compose(request -> request.send().compose(StoredSnapshots::read));
  }

  private static Future<Optional<RawJson>> read(HttpClientResponse answer) {
    return switch (answer.statusCode()) {
      case 200 -> answer.body().map(body -> Optional.of(RawJson.of(body.getBytes())));
      case 404 -> answer.end().map(done -> Optional.empty());
      default -> Future.failedFuture("session-service answered " + answer.statusCode());
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
