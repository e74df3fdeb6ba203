package dev.agentrelay.socketio;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A server on a free loopback port with two event loops, and the plain HTTP side of its wire. */
final class TestServer implements AutoCloseable {
  static final SocketIoOptions OPTIONS =
      SocketIoOptions.defaults()
          .withMaxPayload(1_000_000)
          .withTrustedOrigins("https://trusted.example"::equals);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final SocketIoServer socketIo;
  private final int port;

  private TestServer(SocketIoOptions options, Consumer<SocketIoServer> declare) throws Exception {
    socketIo = SocketIoServer.create(vertx, options);
    declare.accept(socketIo);
    AtomicInteger bound = new AtomicInteger();
    await(
        vertx.deployVerticle(
            () ->
                new AbstractVerticle() {
                  @Override
                  public void start(Promise<Void> started) {
                    vertx
                        .createHttpServer(SocketIoServer.httpServerOptions(options))
                        .requestHandler(socketIo::handle)
                        .listen(-1, "localhost") // negative: one free port for all instances
                        .onSuccess(server -> bound.set(server.actualPort()))
                        .<Void>mapEmpty()
                        .onComplete(started);
                  }
                },
            new DeploymentOptions().setInstances(2)));
    port = bound.get();
  }

  static TestServer start(Consumer<SocketIoServer> declare) throws Exception {
    return start(OPTIONS, declare);
  }

  static TestServer start(SocketIoOptions options, Consumer<SocketIoServer> declare)
      throws Exception {
    return new TestServer(options, declare);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  SocketIoServer socketIo() {
    return socketIo;
  }

  String uri() {
    return "http://localhost:" + port;
  }

  WireSocket webSocket() throws Exception {
    return WireSocket.open(port, "EIO=4&transport=websocket");
  }

  WireSocket webSocket(String query) throws Exception {
    return WireSocket.open(port, query);
  }

  /** A WebSocket that has joined a namespace; its CONNECT reply is read. */
  WireSocket joined(String namespace) throws Exception {
    WireSocket socket = webSocket();
    socket.next();
    socket.send("40" + (namespace.equals("/") ? "" : namespace + ","));
    socket.next();
    return socket;
  }

  HttpRequest.Builder request(String query) {
    return HttpRequest.newBuilder(URI.create(uri() + "/socket.io/?" + query))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(String query) throws Exception {
    return send(request(query).GET());
  }

  CompletableFuture<HttpResponse<String>> getLater(String query) {
    return http.sendAsync(request(query).GET().build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String query, String body) throws Exception {
    return send(request(query).POST(BodyPublishers.ofString(body)));
  }

  CompletableFuture<HttpResponse<String>> postLater(String query, String body) {
    return http.sendAsync(
        request(query).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  /** Opens a polling session; answers the query that names it. */
  String poll() throws Exception {
    String opened = get("EIO=4&transport=polling").body();
    String sid = opened.replaceAll("^0\\{\"sid\":\"([^\"]+)\".*$", "$1");
    return "EIO=4&transport=polling&sid=" + sid;
  }

  @Override
  public void close() throws Exception {
    http.close();
    await(vertx.close());
  }
}
