package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Contract sections 1.1 and 1.4: how connections are opened and refused. */
class EngineHandshakeTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(socketIo -> socketIo.namespace("/"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void pollingHandshakeOffersTheUpgrade() throws Exception {
    HttpResponse<String> response = server.get("EIO=4&transport=polling");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .matches(
            "0\\{\"sid\":\"[\\w-]{20}\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":30000,"
                + "\"pingTimeout\":60000,\"maxPayload\":1000000}");
    assertThat(response.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.headers().map()).doesNotContainKey("set-cookie");
  }

  @Test
  void webSocketHandshakeOffersNoUpgrade() throws Exception {
    try (WireSocket socket = server.webSocket()) {
      assertThat(socket.next()).startsWith("0{\"sid\":\"").contains("\"upgrades\":[]");
    }
  }

  @Test
  void refusalsCarryCodeAndCorsHeaders() throws Exception {
    assertRefused(server.get("EIO=4"), 0, "Transport unknown");
    assertRefused(server.get("EIO=4&transport=abc"), 0, "Transport unknown");
    assertRefused(server.get("EIO=4&transport=polling&sid=abc"), 1, "Session ID unknown");
    assertRefused(server.post("EIO=4&transport=polling", ""), 2, "Bad handshake method");
    assertRefused(
        server.send(server.request("EIO=4&transport=polling").PUT(BodyPublishers.noBody())),
        2,
        "Bad handshake method");
    assertRefused(server.get("EIO=4&transport=websocket"), 3, "Bad request");
    assertRefused(server.get("transport=polling"), 5, "Unsupported protocol version");
    assertRefused(server.get("EIO=3&transport=polling"), 5, "Unsupported protocol version");
  }

  private static void assertRefused(HttpResponse<String> response, int code, String message) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo("{\"code\":%d,\"message\":\"%s\"}".formatted(code, message));
    assertThat(response.headers().firstValue("vary")).hasValue("Origin");
    assertThat(response.headers().firstValue("access-control-allow-credentials")).hasValue("true");
  }

  @Test
  void webSocketWithoutProtocolVersionIsRefused() {
    assertThatThrownBy(() -> server.webSocket("transport=websocket"))
        .hasMessageContaining("WebSocketHandshake");
    assertThatThrownBy(() -> server.webSocket("EIO=4")).hasMessageContaining("WebSocketHandshake");
  }

  @Test
  void onlyTrustedOriginsAreAllowed() throws Exception {
    var trusted =
        server.send(
            server.request("EIO=4&transport=polling").header("Origin", "https://trusted.example"));
    var other =
        server.send(
            server.request("EIO=4&transport=polling").header("Origin", "https://other.example"));

    assertThat(trusted.headers().firstValue("access-control-allow-origin"))
        .hasValue("https://trusted.example");
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void preflightIsAnsweredWithoutBody() throws Exception {
    var response =
        server.send(
            server
                .request("EIO=4&transport=polling")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://trusted.example"));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("access-control-allow-origin"))
        .hasValue("https://trusted.example");
    assertThat(response.headers().firstValue("access-control-allow-methods").orElse(""))
        .contains("POST");
  }

  @Test
  void foreignSidsAreHandedOverUntouched() throws Exception {
    SocketIoOptions options =
        TestServer.OPTIONS.withForeignSidHandler(
            (request, sid) -> {
              if (!sid.startsWith("other")) {
                return false;
              }
              request.body().onSuccess(body -> request.response().end("elsewhere: " + body));
              return true;
            });
    try (TestServer other = TestServer.start(options, socketIo -> socketIo.namespace("/"))) {
      assertThat(other.post("EIO=4&transport=polling&sid=other-1", "4hi").body())
          .isEqualTo("elsewhere: 4hi");
      assertThat(other.get("EIO=4&transport=polling&sid=unknown").statusCode()).isEqualTo(400);
    }
  }
}
