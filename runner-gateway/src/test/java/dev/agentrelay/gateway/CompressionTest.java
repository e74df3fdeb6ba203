package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Daemons and workers offer compression, which the relay never accepts (sockets.md 1.1). */
@QuarkusTest
class CompressionTest extends GatewayTest {

  @Test
  void anOfferToCompressIsNotTakenUp() throws IOException {
    try (Socket socket = new Socket(relay.getHost(), relay.getPort());
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      String request =
          String.join(
              "\r\n",
              "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
              "Host: relay",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
              "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
              "",
              "");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      List<String> head = answer.lines().takeWhile(line -> !line.isEmpty()).toList();
      assertThat(head.getFirst()).startsWith("HTTP/1.1 101");
      assertThat(head)
          .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions"));
    }
  }
}
