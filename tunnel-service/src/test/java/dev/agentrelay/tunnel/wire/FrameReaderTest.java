package dev.agentrelay.tunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runner's frames, byte for byte as recorded (tunnel.md 2.2 to 2.4, 15). */
class FrameReaderTest {

  @Test
  void everyByteComesOutOfItsPlace() {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    StringBuilder text = new StringBuilder();
    for (byte one : all) {
      int value = one & 0xff;
      switch (value) {
        case '"', '\\' -> text.append('\\').append((char) value);
        case '\n' -> text.append("\\n");
        case '\b' -> text.append("\\b");
        default -> text.append(value < 32 ? "\\u%04X".formatted(value) : (char) value);
      }
    }
    assertThat(data("{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"" + text + "\"}"))
        .isEqualTo(all);
    assertThat(data("{\"data\":\"" + text + "\",\"id\":\"1\",\"type\":\"response-data\"}"))
        .isEqualTo(all);
  }

  @Test
  void aMegabyteOfAnythingComesOut() {
    byte[] bytes = new byte[1 << 20];
    new Random(3).nextBytes(bytes);
    String frame = text(RelayFrames.requestData("7", Buffer.buffer(bytes)));
    assertThat(data(frame.replace("request-data", "response-data"))).isEqualTo(bytes);
  }

  @Test
  void bytesComeOutOfAnyMixtureOfTextAndEscapesAndUmlauts() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[random.nextInt(600)];
      for (int at = 0; at < bytes.length; ) {
        int kind = random.nextInt(5);
        for (int run = random.nextInt(200); run >= 0 && at < bytes.length; run--) {
          bytes[at++] =
              (byte)
                  switch (kind) {
                    case 0 -> 'a' + random.nextInt(26);
                    case 1 -> 0x80 + random.nextInt(0x80);
                    case 2 -> random.nextInt(' ');
                    case 3 -> "\"\\\nn ".charAt(random.nextInt(5));
                    default -> random.nextInt(0x100);
                  };
        }
      }
      String frame = text(RelayFrames.requestData("7", Buffer.buffer(bytes)));
      assertThat(data(frame.replace("request-data", "response-data"))).isEqualTo(bytes);
      assertThat(Json.parse(frame).optString("data"))
          .isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void binaryMessagesComeOutInBothOrdersOfTheirMembers() {
    byte[] bytes = new byte[70_001];
    new Random(9).nextBytes(bytes);
    String frame = text(RelayFrames.socketBinary("7", Buffer.buffer(bytes)));
    assertThat(read(frame)).contains(new RunnerFrame.SocketBinary("7", Buffer.buffer(bytes)));
    String turned =
        frame.replace(",\"binary\":true", "").replace("{\"type\"", "{\"binary\":true,\"type\"");
    assertThat(read(turned)).contains(new RunnerFrame.SocketBinary("7", Buffer.buffer(bytes)));
  }

  @Test
  void aMemberThatNobodyKnowsYetMayStandBehindTheBytes() {
    assertThat(
            data("{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"a\\nb\",\"n\":{\"x\":\"\"}}"))
        .isEqualTo(new byte[] {'a', '\n', 'b'});
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x0a, 0x1f, 0x80, 0xbf, 0xc0, 0xc2, 0xc3, 0xe2, 0xf5, 0xff})
  void aByteThatIsNoJsonSpoilsTheFrame(int wrong) {
    for (String before : List.of("", "plain text before it", "äöü", "\\u0001")) {
      Buffer message =
          Buffer.buffer("{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"" + before)
              .appendByte((byte) wrong)
              .appendString("and after it\"}");
      assertThat(FrameReader.read(message)).isEmpty();
    }
  }

  @Test
  void aCharacterThatIsNoByteLosesAllButItsLowByte() {
    assertThat(data("{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"a€\\u20acz\"}"))
        .isEqualTo(new byte[] {'a', (byte) 0xac, (byte) 0xac, 'z'});
  }

  @Test
  void cookiesAreSeveralHeaders() {
    assertThat(
            read(
                "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":200,\"statusMessage\":\"OK\","
                    + "\"headers\":{\"a\":\"b\",\"set-cookie\":[\"x=1\",\"y=2\"]},\"new\":{\"a\":[1]}}"))
        .contains(
            new RunnerFrame.ResponseStart(
                "1",
                200,
                List.of(
                    new RunnerFrame.Header("a", "b"),
                    new RunnerFrame.Header("set-cookie", "x=1"),
                    new RunnerFrame.Header("set-cookie", "y=2"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "{}",
        "{\"type\":\"pong\"} x",
        "{\"type\":\"pong\"",
        "{\"type\":\"register\",\"runnerId\":\"r\"}",
        "{\"type\":\"register\",\"runnerId\":\" \",\"apiKey\":\"k\"}",
        "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":200.5,\"headers\":{}}",
        "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":600,\"headers\":{}}",
        "{\"type\":\"response-start\",\"id\":\"1\",\"statusCode\":200}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":null}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"x",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"\\u00\"}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"\\u00g1\"}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"\\x\"}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"\\\"}",
        "{\"type\":\"response-data\",\"id\":\"1\",\"data\":\"a\"b\"}",
        "{\"type\":\"ws-data\",\"id\":\"1\",\"data\":\"AAE\",\"binary\":null}",
        "{\"type\":\"ws-data\",\"id\":\"1\",\"data\":\"!!\",\"binary\":true}",
        "{\"type\":\"ws-close\",\"id\":\"1\",\"code\":1016}",
        "{\"type\":\"ws-error\",\"id\":\"1\"}"
      })
  void whatIsNoFrameIsNone(String message) {
    assertThat(read(message)).isEmpty();
  }

  @Test
  void whatIsAbsentIsLeftOutOfTheRelaysFrames() {
    assertThat(
            RelayFrames.requestStart(
                "1", "GET", new RelayFrames.Opening(80, "/", Map.of("a", "b"), false, null), false))
        .isEqualTo(
            "{\"type\":\"request-start\",\"id\":\"1\",\"port\":80,\"method\":\"GET\",\"url\":\"/\","
                + "\"headers\":{\"a\":\"b\"}}");
    assertThat(RelayFrames.socketClose("1", (short) 1005, null))
        .isEqualTo("{\"type\":\"ws-close\",\"id\":\"1\"}");
    assertThat(RelayFrames.cut("ä".repeat(100)).getBytes(StandardCharsets.UTF_8)).hasSize(122);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static byte[] data(String message) {
    return ((RunnerFrame.ResponseData) read(message).orElseThrow()).data().getBytes();
  }

  private static Optional<RunnerFrame> read(String message) {
    return FrameReader.read(Buffer.buffer(message));
  }
}
