package dev.agentrelay.session.snapshot;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The last state of a session, byte for byte as it was sent.
 *
 * @param event a full {@code session_active}, or an {@code agent_end} with messages, as JSON text
 * @param overlay metadata that was newer when the session ended, as JSON text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptState(byte[] event, byte @Nullable [] overlay) {

  long bytes() {
    return event.length + (overlay == null ? 0L : overlay.length);
  }

  /** {@code {"event","overlay"}}; the overlay is null when there is none. */
  byte[] toJson() {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) bytes() + 32);
    out.writeBytes(text("{\"event\":"));
    out.writeBytes(event);
    out.writeBytes(text(",\"overlay\":"));
    out.writeBytes(overlay == null ? text("null") : overlay);
    out.writeBytes(text("}"));
    return out.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
