package dev.agentrelay.tunnel.connection;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.config.InternalSecret;
import dev.agentrelay.tunnel.connection.TunnelDirectory.Replaced;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/**
 * Tells the replica that held a runner's former connection that there is a newer one. A notice that
 * is lost costs a few seconds: then that replica finds out by itself.
 */
@Singleton
class PeerNotices {
  private static final Logger LOG = Logger.getLogger(PeerNotices.class);
  private static final String PATH = "/internal/tunnels/replaced";
  private static final int TIMEOUT_MILLIS = 2_000;

  /** So many to one replica; when all of its runners come here at once, the rest is not told. */
  private static final int WAITING = 1_000;

  private final HttpClient http;
  private final InternalSecret secret;
  private final LocalTunnels local;

  PeerNotices(Vertx vertx, InternalSecret secret, LocalTunnels local) {
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS),
            new PoolOptions().setMaxWaitQueueSize(WAITING));
    this.secret = secret;
    this.local = local;
  }

  void mount(@Observes Router router) {
    router.post(PATH).handler(this::receive);
  }

  void replaced(Replaced before, RunnerId runner) {
    if (local.find(runner, before.connectionId()).isPresent()) {
      return; // held here: it ends when the new one enters
    }
    String query =
        "?runner="
            + URLEncoder.encode(runner.value(), StandardCharsets.UTF_8)
            + "&connection="
            + before.connectionId();
    http.request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(before.address().host())
                .setPort(before.address().port())
                .setURI(PATH + query)
                .setTimeout(TIMEOUT_MILLIS)
                .putHeader(InternalSecret.HEADER, secret.value()))
        .compose(HttpClientRequest::send)
        .onFailure(
            failure ->
                LOG.debugf(
                    "The former holder of runner %s was not told: %s",
                    runner, failure.getMessage()));
  }

  private void receive(RoutingContext exchange) {
    if (!secret.matches(exchange.request().getHeader(InternalSecret.HEADER))) {
      exchange.response().setStatusCode(403).end();
      return;
    }
    String runner = exchange.request().getParam("runner", "");
    String connection = exchange.request().getParam("connection", "");
    if (!runner.isBlank()) {
      local
          .find(new RunnerId(runner), connection)
          .filter(local::remove)
          .ifPresent(
              former -> {
                former.end(TunnelLoss.REPLACED);
                former.close();
              });
    }
    exchange.response().setStatusCode(204).end();
  }
}
