package dev.agentrelay.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final List<String> seen = new ArrayList<>();
  private final FrameListener listener =
      new FrameListener() {
        @Override
        public void onText(byte[] array, int offset, int length) {
          seen.add(new String(array, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onClose() {
          seen.add("closed");
        }
      };

  @Test
  void handsOverEveryFrameOfOneRead() {
    new FrameReader().read(frame("a").appendBuffer(frame("b")).appendBuffer(close()), listener);

    assertThat(seen).containsExactly("a", "b", "closed");
  }

  @Test
  void waitsForTheRestOfAFrameWhereverItIsCut() {
    List<String> texts = List.of("x".repeat(5), "y".repeat(1_500), "z".repeat(70_000), "end");
    Buffer stream = Buffer.buffer();
    texts.forEach(text -> stream.appendBuffer(frame(text)));

    for (int piece : new int[] {1, 2, 3, 7, 1_000, 65_536}) {
      seen.clear();
      FrameReader reader = new FrameReader();
      for (int at = 0; at < stream.length(); at += piece) {
        reader.read(stream.getBuffer(at, Math.min(stream.length(), at + piece)), listener);
      }
      assertThat(seen).as("in pieces of %d", piece).isEqualTo(texts);
    }
  }

  @Test
  void refusesWhatAGatewayNeverSends() {
    Buffer masked = Buffer.buffer();
    Frames.appendText(masked, "from a client");

    assertThatThrownBy(() -> new FrameReader().read(masked, listener))
        .hasMessageContaining("not masked");
    assertThatThrownBy(
            () -> new FrameReader().read(Buffer.buffer(new byte[] {1, 1, 'f'}), listener))
        .hasMessageContaining("unexpected");
  }

  private static Buffer close() {
    return Buffer.buffer(new byte[] {(byte) 0x88, 0});
  }

  private static Buffer frame(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Buffer frame = Buffer.buffer().appendByte((byte) 0x81);
    if (bytes.length < 126) {
      frame.appendByte((byte) bytes.length);
    } else if (bytes.length <= 0xffff) {
      frame.appendByte((byte) 126).appendUnsignedShort(bytes.length);
    } else {
      frame.appendByte((byte) 127).appendLong(bytes.length);
    }
    return frame.appendBytes(bytes);
  }
}
