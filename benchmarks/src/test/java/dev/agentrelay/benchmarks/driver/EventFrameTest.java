package dev.agentrelay.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventFrameTest {
  private static final int HEADER = 8;

  @Test
  void isAnEventOfOneKibibyteAsAWorkerSendsIt() {
    EventFrame frame = new EventFrame("s-1", "abc");
    Buffer sent = Buffer.buffer();
    frame.append(sent, 1_234_567, 1);
    int first = sent.length();
    frame.append(sent, 7, 42);

    String packet = unmask(sent.getBuffer(first, sent.length()));

    assertThat(packet).startsWith("42/relay,[\"event\",");
    JsonObject payload = new JsonArray(packet.substring("42/relay,".length())).getJsonObject(1);
    assertThat(payload.getString("sessionId")).isEqualTo("s-1");
    assertThat(payload.getString("token")).isEqualTo("abc");
    assertThat(payload.getLong("seq")).isEqualTo(7);
    assertThat(payload.getJsonObject("event").getString("type")).isEqualTo("message_end");
    assertThat(payload.getJsonObject("event").encode()).hasSize(EventFrame.EVENT_BYTES);
  }

  @Test
  void carriesItsTimeToTheViewer() {
    Buffer sent = Buffer.buffer();
    new EventFrame("s-1", "abc").append(sent, 1, 9_876_543_210L);
    String packet = unmask(sent);
    int event = packet.indexOf("{\"type\"");
    String atViewer =
        "42/viewer,[\"event\",{\"event\":"
            + packet.substring(event, event + EventFrame.EVENT_BYTES)
            + ",\"seq\":1,\"sessionId\":\"s-1\"}]";
    byte[] bytes = Digits.ascii(atViewer);

    assertThat(Digits.startsWith(bytes, 0, bytes.length, EventFrame.SEEN_PREFIX)).isTrue();
    assertThat(Digits.after(EventFrame.SEEN_PREFIX, bytes, 0, bytes.length))
        .isEqualTo(9_876_543_210L);
  }

  private static String unmask(Buffer frame) {
    assertThat(frame.getUnsignedByte(0)).isEqualTo((short) 0x81);
    assertThat(frame.getUnsignedByte(1)).isEqualTo((short) (0x80 | 126));
    assertThat(frame.getUnsignedShort(2)).isEqualTo(frame.length() - HEADER);
    byte[] payload = frame.getBytes(HEADER, frame.length());
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= frame.getByte(4 + i % 4);
    }
    return new String(payload, StandardCharsets.UTF_8);
  }
}
