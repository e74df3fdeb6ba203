package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events, acks, binary packets, and what is none of them. */
class EventTest {
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(Echo::declare);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1,\"2\",{\"3\":[true]}",
        "\"a,]}\\\"\\\\\",null",
        "1.0,1e5,-0,12345678901234567890",
        "{\"deep\":{\"x\":[[],{},\"\"]}},[1,2]",
        "\"é€😀\"",
        "\"\""
      })
  void argumentsPassThroughAsSent(String args) throws Exception {
    try (WireSocket socket = server.joined("/")) {
      socket.send("42[\"message\"," + args + "]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\"," + args + "]");
    }
  }

  @Test
  void whiteSpaceBetweenArgumentsIsNoPartOfThem() throws Exception {
    try (WireSocket socket = server.joined("/")) {
      socket.send("42[ \"message\" , 1 ,\n\"a b\" , {\"k\" : 2} ]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1,\"a b\",{\"k\" : 2}]");
    }
  }

  @Test
  void acksCarryTheRequestedId() throws Exception {
    try (WireSocket socket = server.joined("/")) {
      socket.send("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");
      assertThat(socket.next()).isEqualTo("43456[1,\"2\",{\"3\":[false]}]");
      socket.send("427[\"message-with-ack\"]");
      assertThat(socket.next()).isEqualTo("437[]");
    }
  }

  @Test
  void binaryEventsAndAcksAreEchoed() throws Exception {
    try (WireSocket socket = server.joined("/")) {
      String placeholders = "{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]";
      for (String head : List.of("452-[\"message\",", "452-789[\"message-with-ack\",")) {
        socket.send(head + placeholders);
        socket.sendBinary(1, 2, 3);
        socket.sendBinary(4, 5, 6);
      }
      assertThat(socket.next()).isEqualTo("452-[\"message-back\"," + placeholders);
      assertThat(socket.nextBinary()).containsExactly(1, 2, 3);
      assertThat(socket.nextBinary()).containsExactly(4, 5, 6);
      assertThat(socket.next()).isEqualTo("462-789[" + placeholders);
      assertThat(socket.nextBinary()).containsExactly(1, 2, 3);
      assertThat(socket.nextBinary()).containsExactly(4, 5, 6);
    }
  }

  @Test
  void unknownEventsAndFailingHandlersHarmNothing() throws Exception {
    try (WireSocket socket = server.joined("/")) {
      socket.send("42[\"nobody-listens\",1]");
      socket.send("42[\"fail\"]");
      socket.send("42[\"message\",1]");
      assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "4abc",
        "abc",
        "4",
        "42{}",
        "42",
        "42[]",
        "42[{}]",
        "42[\"message\"",
        "42[\"message\",]",
        "42[\"message\"]x",
        "42[\"message\",tru]",
        "42[\"disconnect\"]",
        "42abc[\"message-with-ack\",1]",
        "421234567890123456789[\"message\"]",
        "43[1]",
        "44{}",
        "40[1]",
        "41{}",
        "45[\"message\"]",
        "451000-[\"message\"]",
        "42/random,[\"message\"]"
      })
  void malformedPacketClosesItsConnectionOnly(String packet) throws Exception {
    try (WireSocket other = server.joined("/");
        WireSocket socket = server.joined("/")) {
      socket.send(packet);
      assertThat(socket.awaitClosed()).isEqualTo(1002);
      other.send("42[\"message\",1]");
      assertThat(other.next()).isEqualTo("42[\"message-back\",1]");
    }
  }

  @Test
  void strayAttachmentsAndTextAmongThemCloseTheConnection() throws Exception {
    try (WireSocket stray = server.joined("/");
        WireSocket mixed = server.joined("/")) {
      stray.sendBinary(1);
      assertThat(stray.awaitClosed()).isEqualTo(1002);
      mixed.send("451-[\"message\",{\"_placeholder\":true,\"num\":0}]");
      mixed.send("42[\"message\"]");
      assertThat(mixed.awaitClosed()).isEqualTo(1002);
    }
  }
}
