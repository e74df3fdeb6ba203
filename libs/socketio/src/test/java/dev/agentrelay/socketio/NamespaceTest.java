package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Joining and leaving namespaces (contract sections 1.1 to 1.3). */
class NamespaceTest {
  @Test
  void authPayloadReachesTheApplicationAsItWasSent() throws Exception {
    CompletableFuture<Handshake> seen = new CompletableFuture<>();
    try (TestServer server =
            TestServer.start(
                socketIo ->
                    socketIo
                        .namespace("/custom")
                        .onAuthenticate(
                            handshake -> {
                              seen.complete(handshake);
                              return Future.succeededFuture(new Admission.Accept("someone"));
                            }));
        WireSocket socket = server.webSocket("EIO=4&transport=websocket&from=test")) {
      socket.next();
      socket.send("40/custom,{\"n\": 1.0,\"u\":\"é\"}");

      assertThat(socket.next()).matches("40/custom,\\{\"sid\":\"[\\w-]{20}\"}");
      Handshake handshake = seen.get(20, TimeUnit.SECONDS);
      assertThat(handshake.auth()).hasToString("{\"n\": 1.0,\"u\":\"é\"}");
      assertThat(handshake.query().get("from")).isEqualTo("test");
      assertThat(handshake.headers().contains("Sec-WebSocket-Key")).isTrue();
      assertThat(handshake.namespace()).isEqualTo("/custom");
    }
  }

  @Test
  void unknownNamespaceIsRefusedAndTheConnectionLivesOn() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.joined("/")) {
      socket.send("40/random");
      assertThat(socket.next()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");
      socket.send("42[\"message\",1]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @Test
  void refusalCarriesItsMessage() throws Exception {
    try (TestServer server =
            TestServer.start(
                socketIo ->
                    socketIo
                        .namespace("/hub")
                        .onAuthenticate(
                            h -> Future.succeededFuture(new Admission.Refuse("not \"you\""))));
        WireSocket socket = server.webSocket()) {
      socket.next();
      socket.send("40/hub,");
      assertThat(socket.next()).isEqualTo("44/hub,{\"message\":\"not \\\"you\\\"\"}");
    }
  }

  @Test
  void unavailableClosesWithoutAWord() throws Exception {
    try (TestServer server =
        TestServer.start(
            socketIo -> {
              socketIo
                  .namespace("/away")
                  .onAuthenticate(h -> Future.succeededFuture(new Admission.Unavailable()));
              socketIo
                  .namespace("/broken")
                  .onAuthenticate(h -> Future.failedFuture("store is away"));
            })) {
      for (String namespace : new String[] {"/away", "/broken"}) {
        try (WireSocket socket = server.webSocket()) {
          socket.next();
          socket.send("40" + namespace + ",");
          assertThat(socket.awaitClosed()).isEqualTo(1000);
        }
      }
    }
  }

  @Test
  void duplicateConnectIsAnsweredWithTheSameSid() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.webSocket()) {
      socket.next();
      socket.send("40/custom,");
      String first = socket.next();
      socket.send("40/custom,");

      assertThat(socket.next()).isEqualTo(first);
      socket.send("42/custom,[\"message\",1]");
      assertThat(socket.next()).isEqualTo("42/custom,[\"message-back\",1]");
      assertThat(server.socketIo().namespace("/custom").size()).isEqualTo(1);
    }
  }

  @Test
  void packetsWaitForAdmissionAndFollowTheReply() throws Exception {
    Promise<Admission> decision = Promise.promise();
    CompletableFuture<Void> asked = new CompletableFuture<>();
    try (TestServer server =
            TestServer.start(
                socketIo ->
                    socketIo
                        .namespace("/")
                        .onAuthenticate(
                            h -> {
                              asked.complete(null);
                              return decision.future();
                            })
                        .onConnect(
                            socket -> {
                              socket.emit("hello");
                              Echo.serve(socket);
                            }));
        WireSocket socket = server.webSocket()) {
      socket.next();
      socket.send("40");
      socket.send("42[\"message\",1]");
      socket.send("42[\"message\",2]");
      asked.get(20, TimeUnit.SECONDS);
      decision.complete(new Admission.Accept("someone"));

      assertThat(socket.next()).startsWith("40{\"sid\"");
      assertThat(socket.next()).isEqualTo("42[\"hello\"]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",2]");
    }
  }

  @Test
  void floodBeforeAdmissionClosesTheConnection() throws Exception {
    try (TestServer server =
            TestServer.start(
                TestServer.OPTIONS.withMaxCounts(10, 10, 10),
                socketIo ->
                    socketIo
                        .namespace("/")
                        .onAuthenticate(h -> Promise.<Admission>promise().future()));
        WireSocket socket = server.webSocket()) {
      socket.next();
      socket.send("40");
      for (int i = 0; i < 11; i++) {
        socket.send("42[\"message\"]");
      }
      assertThat(socket.awaitClosed()).isEqualTo(1002);
    }
  }

  @Test
  void eventsWithoutConnectCloseTheConnection() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.webSocket()) {
      socket.next();
      socket.send("42[\"message\"]");
      assertThat(socket.awaitClosed()).isEqualTo(1002);
    }
  }

  @Test
  void leavingOneNamespaceKeepsTheOthers() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.joined("/")) {
      socket.send("40/custom,");
      socket.next();
      socket.send("42/custom,[\"leave\"]");
      socket.send("42/custom,[\"message\",\"too late\"]");
      socket.send("42[\"message\",1]");

      assertThat(socket.next()).isEqualTo("41/custom,");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
      socket.send("40/custom,");
      assertThat(socket.next()).startsWith("40/custom,{\"sid\"");
      socket.send("41/custom");
      socket.send("42[\"message\",2]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",2]");
    }
  }
}
