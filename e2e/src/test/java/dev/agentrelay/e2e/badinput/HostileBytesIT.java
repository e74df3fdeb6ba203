package dev.agentrelay.e2e.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.ScriptedHub;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no client library sends cost their sender the connection and others nothing. */
class HostileBytesIT extends SuiteTest {
  private static final long TOO_LONG = 104_857_601;

  private final ProcessHandle gateway = suite.gatewayA().process();
  private ScriptedHub bystander = open(ScriptedHub.connect(me.at(suite.gatewayA().url())));

  @BeforeEach
  void bystanderIsConnected() {
    assertThat(bystander.socket().connected()).isTrue();
  }

  @AfterEach
  void othersAreUnharmed() {
    assertThat(gateway.isAlive()).isTrue();
    assertThat(bystander.inbox().all()).noneMatch(received -> received.is("disconnect"));
    bystander = open(ScriptedHub.connect(me.at(suite.gatewayA().url())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9", "4", "47", "42/hub,{\"not\":\"an array\"}", "42/hub,[\"cut", "40/hub,{\"cut"})
  void aMalformedPacketEndsTheConnection(String packet) throws Exception {
    WireClient client = open(WireClient.connect(suite.gatewayA().url()));
    client.join("/hub", WireClient.browserAuth(me.apiKey()));
    client.send(packet);
    client.closed().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aFrameBeyondTheLimitIsNotEvenRead() throws IOException {
    try (Socket socket = connect()) {
      write(
          socket,
          String.join(
              "\r\n",
              "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
              "Host: relay",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
              "",
              ""));
      assertThat(readLine(socket)).contains("101");
      OutputStream out = socket.getOutputStream();
      ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x81).put((byte) 0xFF);
      out.write(head.putLong(TOO_LONG).putInt(0).array());
      out.flush();
      assertEnds(socket);
    }
  }

  @Test
  void aPollingBodyBeyondTheLimitIsNotEvenRead() throws Exception {
    WireClient client = open(WireClient.connect(suite.gatewayA().url()));
    client.join("/hub", WireClient.browserAuth(me.apiKey()));
    try (Socket socket = connect()) {
      write(socket, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: relay\r\n\r\n");
      String opened = readUntil(socket, "\"sid\":\"", "\"");
      write(
          socket,
          "POST /socket.io/?EIO=4&transport=polling&sid="
              + opened
              + " HTTP/1.1\r\nHost: relay\r\nContent-Type: text/plain\r\nContent-Length: "
              + TOO_LONG
              + "\r\n\r\n");
      readUntil(socket, "HTTP/1.1 413", "\r\n");
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), suite.gatewayA().url().getPort());
    socket.setSoTimeout((int) LIMIT.toMillis());
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String readLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0 && next != '\n';
        next = socket.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /** What stands between two marks in the answer. */
  private static String readUntil(Socket socket, String from, String to) throws IOException {
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      answer.append((char) next);
      int start = answer.indexOf(from);
      int end = start < 0 ? -1 : answer.indexOf(to, start + from.length());
      if (end > 0) {
        return answer.substring(start + from.length(), end);
      }
    }
    throw new AssertionError("no " + from + " in " + answer);
  }

  /** Reads whatever is left; a reset counts as an end too. */
  private static void assertEnds(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] rest = new byte[1024];
    try {
      while (in.read(rest) >= 0) {
        // The handshake and the close frame.
      }
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }
}
