package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts a snapshot together that the worker sends as a header and chunks (sockets.md 4.4.4). A newer
 * header takes the place of an unfinished one. Confined to the owner's event loop.
 */
final class SnapshotAssembly {
  private static final List<String> ONLY_IN_HEADER =
      List.of("messages", "chunked", "snapshotId", "totalMessages");
  private static final byte[] END = "]}}".getBytes(StandardCharsets.UTF_8);

  private final long maxBytes;
  private final Map<Long, RawJson> chunks = new HashMap<>();
  private @Nullable String snapshotId;
  private RawObject state = RawObject.empty();
  private long expected = -1;
  private long bytes;

  /**
   * @param maxBytes what the chunks of one snapshot may hold together
   */
  SnapshotAssembly(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Starts over with a header's state. */
  void begin(RawObject header) {
    discard();
    snapshotId = header.text("snapshotId");
    state = header.copy();
    ONLY_IN_HEADER.forEach(state::remove);
  }

  /** Forgets what has come in. */
  void discard() {
    snapshotId = null;
    state = RawObject.empty();
    chunks.clear();
    expected = -1;
    bytes = 0;
  }

  /** Whether a header has come and not yet all of its chunks. */
  boolean isPending() {
    return snapshotId != null;
  }

  /** Takes over metadata that is newer than the header. */
  void patch(RawObject overlay) {
    if (isPending()) {
      Overlay.over(state, overlay);
    }
  }

  /**
   * Takes a chunk; one of another snapshot, or one that is here already, changes nothing. A
   * snapshot that grows over its bound is given up.
   */
  void add(RawObject chunk) {
    Long index = chunk.number("chunkIndex");
    RawJson messages = chunk.get("messages");
    if (snapshotId == null
        || !snapshotId.equals(chunk.text("snapshotId"))
        || index == null
        || index < 0
        || messages == null
        || messages.array()[messages.offset()] != '['
        || chunks.putIfAbsent(index, messages) != null) {
      return;
    }
    bytes += messages.length();
    Long total = chunk.number("totalChunks");
    if (chunk.isTrue("final") && total != null && total > 0) {
      expected = total;
    }
    if (bytes > maxBytes) {
      discard();
    }
  }

  /** The state's metadata, newer metadata included. */
  RawObject metadata() {
    return state;
  }

  /** The whole {@code session_active} event; {@code null} while chunks are missing. */
  @Nullable RawJson complete() {
    if (expected < 0 || chunks.size() < expected) {
      return null;
    }
    List<RawJson> parts = new ArrayList<>();
    for (long index = 0; index < expected; index++) {
      RawJson part = chunks.get(index);
      if (part == null) {
        return null;
      }
      parts.add(part);
    }
    return event(parts);
  }

  /** Written in one go: such a snapshot is large, and every copy of it as well. */
  private RawJson event(List<RawJson> parts) {
    String metadata = state.toString();
    byte[] start =
        ("{\"type\":\"session_active\",\"state\":"
                + metadata.substring(0, metadata.length() - 1)
                + (state.isEmpty() ? "" : ",")
                + "\"messages\":[")
            .getBytes(StandardCharsets.UTF_8);
    int size = start.length + END.length;
    for (RawJson part : parts) {
      size += part.length();
    }
    byte[] json = new byte[size];
    System.arraycopy(start, 0, json, 0, start.length);
    int at = start.length;
    for (RawJson part : parts) {
      int inside = part.length() - 2;
      if (!isBlank(part.array(), part.offset() + 1, inside)) {
        if (at > start.length) {
          json[at++] = ',';
        }
        System.arraycopy(part.array(), part.offset() + 1, json, at, inside);
        at += inside;
      }
    }
    System.arraycopy(END, 0, json, at, END.length);
    return RawJson.of(json, 0, at + END.length);
  }

  private static boolean isBlank(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] > ' ') {
        return false;
      }
    }
    return true;
  }
}
