package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Messages up to the maximum payload, in frames and in fragments, both ways. */
class LargeMessageTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  void hundredMebibytesPassBothWays() throws Exception {
    SocketIoOptions options = SocketIoOptions.defaults();
    try (TestServer server = TestServer.start(options, Echo::declare);
        WireSocket socket = server.joined("/")) {
      String text = "\"" + "x".repeat(100 * MEBIBYTE - 64) + "\"";
      socket.sendFragments("42[\"message\"," + text + "]", MEBIBYTE);

      String answer = socket.next();
      assertThat(answer.length()).isEqualTo("42[\"message-back\",]".length() + text.length());
      assertThat(answer.startsWith("42[\"message-back\",\"xxx") && answer.endsWith("xxx\"]"))
          .isTrue();
    }
  }

  @Test
  void manyFragmentedMessagesPassBothWays() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket socket = server.joined("/")) {
      String text = "y".repeat(200 * 1024);
      for (int i = 0; i < 300; i++) {
        socket.sendFragments("42[\"message\"," + i + ",\"" + text + "\"]", 50_000);
      }
      for (int i = 0; i < 300; i++) {
        assertThat(socket.next().equals("42[\"message-back\"," + i + ",\"" + text + "\"]"))
            .isTrue();
      }
    }
  }

  @Test
  void smallMessagesBehindLargeOnesKeepTheirPlace() throws Exception {
    SocketIoOptions options = SocketIoOptions.defaults();
    try (TestServer server = TestServer.start(options, Echo::declare);
        WireSocket socket = server.joined("/")) {
      String text = "y".repeat(MEBIBYTE);
      for (int i = 0; i < 20; i++) {
        socket.send("42[\"message\"," + i + ",\"" + text + "\"]");
        socket.send("42[\"message\"," + i + "]");
      }
      for (int i = 0; i < 20; i++) {
        assertThat(socket.next().equals("42[\"message-back\"," + i + ",\"" + text + "\"]"))
            .isTrue();
        assertThat(socket.next()).isEqualTo("42[\"message-back\"," + i + "]");
      }
    }
  }

  @Test
  void attachmentsOfALargePacketAreItsOwn() throws Exception {
    SocketIoOptions options = SocketIoOptions.defaults();
    try (TestServer server = TestServer.start(options, Echo::declare);
        WireSocket socket = server.joined("/")) {
      String text = "\"" + "y".repeat(MEBIBYTE) + "\"";
      socket.send("451-[\"message\"," + text + ",{\"_placeholder\":true,\"num\":0}]");
      socket.sendBinary(1, 2, 3);
      socket.send("42[\"message\",1]");
      String answer = socket.next();
      assertThat(answer).startsWith("451-[\"message-back\",");
      assertThat(socket.nextBinary()).containsExactly(1, 2, 3);
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @Test
  void aLargeMalformedMessageClosesItsConnectionOnly() throws Exception {
    SocketIoOptions options = SocketIoOptions.defaults();
    try (TestServer server = TestServer.start(options, Echo::declare);
        WireSocket other = server.joined("/");
        WireSocket socket = server.joined("/")) {
      socket.send("42[\"message\",\"" + "y".repeat(MEBIBYTE) + "]");
      socket.send("42[\"message\",1]");
      socket.awaitClosed();
      other.send("42[\"message\",1]");
      assertThat(other.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @Test
  void tooLongMessageClosesItsConnectionOnly() throws Exception {
    try (TestServer server = TestServer.start(Echo::declare);
        WireSocket other = server.joined("/");
        WireSocket whole = server.joined("/");
        WireSocket fragmented = server.joined("/")) {
      String text = "42[\"message\",\"" + "z".repeat(1_000_000) + "\"]";
      whole.send(text);
      whole.awaitClosed();
      fragmented.sendFragments(text, 100_000);
      assertThat(fragmented.awaitClosed()).isEqualTo(1009);
      other.send("42[\"message\",1]");
      assertThat(other.next()).isEqualTo("42[\"message-back\",1]");
    }
  }
}
