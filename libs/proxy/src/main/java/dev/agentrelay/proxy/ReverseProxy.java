package dev.agentrelay.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/**
 * Passes requests on to other servers. Bodies are streamed both ways with back-pressure, an answer
 * cut short upstream is cut short here, and a client that leaves cancels its request upstream.
 * Upgraded connections are passed as raw bytes.
 *
 * <p>Call it on the request's event loop, before the request's body was read.
 */
public final class ReverseProxy {
  /** Shorter than what servers grant an idle connection, so that none is used while it closes. */
  private static final int KEEP_ALIVE_SECONDS = 20;

  private static final int MAX_HEAD_BYTES = 64 * 1024;

  private final Vertx vertx;
  private final ProxyOptions options;
  private final HttpClient plain;
  private final HttpClient upgrading;

  private ReverseProxy(Vertx vertx, ProxyOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.plain =
        vertx.createHttpClient(
            clientOptions(options),
            new PoolOptions()
                .setHttp1MaxSize(options.maxConnections())
                .setMaxWaitQueueSize(options.maxWaiting()));
    // Apart, so that long-lived WebSockets never use up what plain requests need.
    this.upgrading =
        vertx.createHttpClient(
            clientOptions(options),
            new PoolOptions().setHttp1MaxSize(options.maxUpgraded()).setMaxWaitQueueSize(0));
  }

  /** Makes a proxy whose connections belong to {@code vertx} and end with it. */
  public static ReverseProxy create(Vertx vertx, ProxyOptions options) {
    return new ReverseProxy(vertx, options);
  }

  /**
   * Answers {@code request} with what {@code target} says; 503 {@code unavailable} when it cannot
   * be reached.
   */
  public void forward(HttpServerRequest request, SocketAddress target) {
    forward(request, List.of(target));
  }

  /**
   * Like {@link #forward(HttpServerRequest, SocketAddress)}, with further targets that are tried in
   * order while none could be connected to. Once a connection stood, nothing is sent twice.
   */
  public void forward(HttpServerRequest request, List<SocketAddress> targets) {
    request.pause();
    boolean upgrade = Headers.isUpgrade(request);
    connect(upgrade ? upgrading : plain, request, targets, 0)
        .onFailure(unreachable -> ProxyFailure.UNAVAILABLE.answer(request))
        .onSuccess(
            upstream -> {
              if (request.response().closed()) {
                upstream.reset();
              } else if (upgrade) {
                new UpgradedExchange(request, upstream, options.forwarded()).start();
              } else {
                new PlainExchange(vertx, request, upstream, options).start();
              }
            });
  }

  private static Future<HttpClientRequest> connect(
      HttpClient client, HttpServerRequest request, List<SocketAddress> targets, int index) {
    Future<HttpClientRequest> attempt =
        client.request(
            new RequestOptions()
                .setServer(targets.get(index))
                .setHost(targets.get(index).host())
                .setPort(targets.get(index).port())
                .setMethod(request.method())
                .setURI(originForm(request.uri())));
    return index + 1 < targets.size()
        ? attempt.recover(refused -> connect(client, request, targets, index + 1))
        : attempt;
  }

  /** A client that takes us for its forward proxy sends the whole URL. */
  private static String originForm(String uri) {
    if (!uri.startsWith("http://") && !uri.startsWith("https://")) {
      return uri;
    }
    int path = uri.indexOf('/', uri.indexOf("//") + 2);
    return path < 0 ? "/" : uri.substring(path);
  }

  private static HttpClientOptions clientOptions(ProxyOptions options) {
    return new HttpClientOptions()
        .setConnectTimeout((int) options.connectTimeout().toMillis())
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setMaxHeaderSize(MAX_HEAD_BYTES)
        .setMaxInitialLineLength(MAX_HEAD_BYTES)
        .setTcpKeepAlive(true)
        .setTcpNoDelay(true);
  }
}
