package dev.agentrelay.proxy;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A real upstream behind a real proxy, and ways to talk to it. */
final class ProxyTestBed implements AutoCloseable {
  static final int MIB = 1 << 20;

  final Vertx vertx = Vertx.vertx();
  private int port;

  /** Starts an upstream with that behaviour and a proxy before it. */
  ProxyTestBed upstream(Handler<HttpServerRequest> behaviour) {
    return proxyTo(listen(behaviour));
  }

  ProxyTestBed proxyTo(int... upstreamPorts) {
    ReverseProxy created = ReverseProxy.create(vertx, ProxyOptions.defaults(ForwardedHeaders.KEEP));
    var targets =
        Arrays.stream(upstreamPorts)
            .mapToObj(each -> SocketAddress.inetSocketAddress(each, "127.0.0.1"))
            .toList();
    port = listen(request -> created.forward(request, targets));
    return this;
  }

  int listen(Handler<HttpServerRequest> behaviour) {
    return get(vertx
            .createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(4 * MIB))
            .requestHandler(behaviour)
            .listen(0, "127.0.0.1"))
        .actualPort();
  }

  int port() {
    return port;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** The head of a request, one line each. */
  static byte[] head(String... lines) {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Sends a request that closes the connection and reads until it does. */
  String raw(String... lines) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(head(lines));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** Answers with the request's own body. */
  static void echo(HttpServerRequest request) {
    request.response().setChunked(true);
    request.pipeTo(request.response());
  }

  static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    get(vertx.close());
  }
}
