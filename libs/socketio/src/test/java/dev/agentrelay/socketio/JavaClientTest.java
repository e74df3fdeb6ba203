package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Manager;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server as the official Java client sees it. */
class JavaClientTest {
  private final BlockingQueue<Socket> connected = new LinkedBlockingQueue<>();
  private final BlockingQueue<io.socket.client.Socket> clients = new LinkedBlockingQueue<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            socketIo -> {
              for (String name : List.of("/", "/one", "/two")) {
                socketIo
                    .namespace(name)
                    .onConnect(
                        socket -> {
                          Echo.serve(socket);
                          connected.add(socket);
                        });
              }
            });
  }

  @AfterEach
  void stop() throws Exception {
    clients.forEach(io.socket.client.Socket::close);
    server.close();
  }

  private static IO.Options options(String... transports) {
    IO.Options options = new IO.Options();
    options.transports = transports;
    options.reconnectionDelay = 50;
    return options;
  }

  private io.socket.client.Socket client(Manager manager, String namespace) {
    io.socket.client.Socket client = manager.socket(namespace);
    clients.add(client);
    return client;
  }

  private Manager manager(String... transports) {
    return new Manager(URI.create(server.uri()), options(transports));
  }

  private static BlockingQueue<Object> arrivals(io.socket.client.Socket client, String event) {
    BlockingQueue<Object> queue = new LinkedBlockingQueue<>();
    client.on(event, args -> queue.add(args.length == 0 ? "" : args[0]));
    return queue;
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    @Nullable T value = queue.poll(20, TimeUnit.SECONDS);
    assertThat(value).isNotNull();
    return value;
  }

  private io.socket.client.Socket open(Manager manager, String namespace) throws Exception {
    io.socket.client.Socket client = client(manager, namespace);
    BlockingQueue<Object> opened = arrivals(client, io.socket.client.Socket.EVENT_CONNECT);
    client.connect();
    next(opened);
    return client;
  }

  @Test
  void pollingComesFirstAndUpgrades() throws Exception {
    Manager manager = manager("polling", "websocket");
    CompletableFuture<String> upgraded = new CompletableFuture<>();
    manager.on(
        Manager.EVENT_TRANSPORT,
        args -> {
          var transport = (io.socket.engineio.client.Transport) args[0];
          if (transport.name.equals("websocket")) {
            upgraded.complete(transport.name);
          }
        });
    io.socket.client.Socket client = open(manager, "/one");
    BlockingQueue<Object> back = arrivals(client, "message-back");

    for (int i = 0; i < 200; i++) {
      client.emit("message", i);
    }
    assertThat(upgraded.get(20, TimeUnit.SECONDS)).isEqualTo("websocket");
    for (int i = 200; i < 400; i++) {
      client.emit("message", i);
    }

    for (int i = 0; i < 400; i++) {
      assertThat(next(back)).isEqualTo(i);
    }
  }

  @Test
  void pollingAloneWorks() throws Exception {
    io.socket.client.Socket client = open(manager("polling"), "/");
    BlockingQueue<Object> back = arrivals(client, "message-back");

    client.emit("message", new JSONObject().put("text", "é".repeat(100_000)));

    assertThat(((JSONObject) next(back)).getString("text")).isEqualTo("é".repeat(100_000));
  }

  @Test
  void namespacesShareAConnectionAndEndAlone() throws Exception {
    Manager manager = manager("websocket");
    io.socket.client.Socket one = open(manager, "/one");
    io.socket.client.Socket two = open(manager, "/two");
    assertThat(server.socketIo().connectionCount()).isEqualTo(1);
    BlockingQueue<Object> ended = arrivals(one, io.socket.client.Socket.EVENT_DISCONNECT);
    BlockingQueue<Object> back = arrivals(two, "message-back");

    one.emit("leave");

    assertThat(next(ended)).isEqualTo("io server disconnect");
    two.emit("message", "still here");
    assertThat(next(back)).isEqualTo("still here");
  }

  @Test
  void acksGoBothWays() throws Exception {
    io.socket.client.Socket client = open(manager("websocket"), "/");
    client.on("question", args -> ((Ack) args[args.length - 1]).call("answer", 42));
    CompletableFuture<Object> answered = new CompletableFuture<>();

    client.emit("message-with-ack", new Object[] {"x"}, args -> answered.complete(args[0]));
    List<RawJson> answer =
        TestServer.await(
            next(connected).emitWithAck("question", Duration.ofSeconds(20), RawJson.of("1")));

    assertThat(answered.get(20, TimeUnit.SECONDS)).isEqualTo("x");
    assertThat(answer).containsExactly(RawJson.of("\"answer\""), RawJson.of("42"));
  }

  @Test
  void missingAcksFailByTimeByEndAndByNumber() throws Exception {
    io.socket.client.Socket client = open(manager("websocket"), "/");
    Socket socket = next(connected);

    assertFails(
        socket.emitWithAck("silent", Duration.ofMillis(50)),
        AcknowledgementException.Cause.TIMEOUT);
    var pending = socket.emitWithAck("silent", Duration.ofMinutes(1));
    for (int i = 1; i < 1_000; i++) {
      var unused = socket.emitWithAck("silent", Duration.ofMinutes(1));
    }
    assertFails(
        socket.emitWithAck("silent", Duration.ofMinutes(1)),
        AcknowledgementException.Cause.TOO_MANY_OUTSTANDING);
    client.close();
    assertFails(pending, AcknowledgementException.Cause.DISCONNECTED);
  }

  private static void assertFails(
      io.vertx.core.Future<?> future, AcknowledgementException.Cause cause) {
    assertThatThrownBy(() -> TestServer.await(future))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            AcknowledgementException.class, e -> assertThat(e.reason()).isEqualTo(cause));
  }

  @Test
  void clientComesBackAfterATransportClose() throws Exception {
    io.socket.client.Socket client =
        open(manager("polling"), "/"); // on WebSocket this client overlooks close frames
    Socket first = next(connected);
    BlockingQueue<Object> ended = arrivals(client, io.socket.client.Socket.EVENT_DISCONNECT);
    CompletableFuture<DisconnectReason> reason = new CompletableFuture<>();
    first.onDisconnect(reason::complete);

    client.emit("drop");

    // an error for a client that happens to ask between the close and its next poll
    assertThat(next(ended)).isIn("transport close", "transport error");
    assertThat(reason.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.SERVER_CLOSE);
    assertThat(next(connected).id()).isNotEqualTo(first.id());
  }

  @Test
  void clientsOwnDisconnectIsToldApart() throws Exception {
    Manager manager = manager("websocket");
    io.socket.client.Socket one = open(manager, "/one");
    open(manager, "/two");
    CompletableFuture<DisconnectReason> reason = new CompletableFuture<>();
    next(connected).onDisconnect(reason::complete);

    one.disconnect();

    assertThat(reason.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.CLIENT_DISCONNECT);
  }
}
