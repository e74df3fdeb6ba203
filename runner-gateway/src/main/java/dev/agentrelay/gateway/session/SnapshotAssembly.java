package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Append.Piece;
import dev.agentrelay.gateway.ring.PiecedText;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@code session_active} event of a snapshot that the worker sends as a header and chunks
 * (sockets.md 4.4.4). The event is stored piece by piece as the chunks come, because the whole may
 * be larger than everything else here together; only chunks that are ahead of their turn wait. A
 * newer header takes the place of an unfinished snapshot. Confined to the owner's event loop.
 */
final class SnapshotAssembly {
  private static final List<String> ONLY_IN_HEADER =
      List.of("messages", "chunked", "snapshotId", "totalMessages");
  private static final String START = "{\"type\":\"session_active\",\"state\":{\"messages\":[";
  private static final String END = "}}";

  /** A chunk costs this much, however little is in it. */
  private static final int CHUNK_COST = 512;

  private final long maxBytes;
  private final Map<Long, RawJson> ahead = new HashMap<>();
  private @Nullable String snapshotId;
  private PiecedText text = new PiecedText("");
  private RawObject state = RawObject.empty();
  private long next;
  private long expected = -1;
  private boolean hasMessages;
  private long bytes;

  /**
   * @param maxBytes what the chunks of one snapshot may hold together
   */
  SnapshotAssembly(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Starts over with a header's state.
   *
   * @param target where the event is stored
   */
  void begin(RawObject header, PiecedText target) {
    discard();
    snapshotId = header.text("snapshotId");
    text = target;
    state = header.copy();
    ONLY_IN_HEADER.forEach(state::remove);
  }

  /** Forgets what has come in. */
  void discard() {
    snapshotId = null;
    state = RawObject.empty();
    ahead.clear();
    next = 0;
    expected = -1;
    hasMessages = false;
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
   *
   * @return what can be stored now
   */
  List<Piece> add(RawObject chunk) {
    Long index = chunk.number("chunkIndex");
    RawJson messages = chunk.get("messages");
    if (snapshotId == null
        || !snapshotId.equals(chunk.text("snapshotId"))
        || index == null
        || index < next
        || messages == null
        || messages.array()[messages.offset()] != '['
        || ahead.putIfAbsent(index, messages) != null) {
      return List.of();
    }
    bytes += messages.length() + CHUNK_COST;
    Long total = chunk.number("totalChunks");
    if (chunk.isTrue("final") && total != null && total > 0) {
      expected = total;
    }
    if (bytes > maxBytes) {
      discard();
      return List.of();
    }
    return inTurn();
  }

  /** The state's metadata, newer metadata included. */
  RawObject metadata() {
    return state;
  }

  /** Whether every chunk has come; chunks behind the last are none. */
  boolean isComplete() {
    return expected >= 0 && next >= expected;
  }

  /** Where the event is stored. */
  RawJson reference() {
    return text.reference();
  }

  /** What is to be stored behind the last chunk; the metadata comes here, when it is newest. */
  List<Piece> end() {
    String metadata = state.toString();
    String rest = state.isEmpty() ? "" : "," + metadata.substring(1, metadata.length() - 1);
    return text.append(Buffer.buffer("]" + rest + END));
  }

  private List<Piece> inTurn() {
    List<Piece> pieces = new ArrayList<>();
    for (RawJson messages = ahead.remove(next);
        messages != null && !isComplete();
        messages = ahead.remove(next)) {
      boolean blank = isBlank(messages);
      Buffer part = Buffer.buffer(blank ? START.length() : START.length() + messages.length());
      if (next == 0) {
        part.appendString(START);
      }
      next++;
      if (!blank) {
        if (hasMessages) {
          part.appendString(",");
        }
        // the array's elements without its brackets
        part.appendBytes(messages.array(), messages.offset() + 1, messages.length() - 2);
        hasMessages = true;
      }
      pieces.addAll(text.append(part));
    }
    return pieces;
  }

  private static boolean isBlank(RawJson messages) {
    int end = messages.offset() + messages.length() - 1;
    for (int i = messages.offset() + 1; i < end; i++) {
      if (messages.array()[i] > ' ') {
        return false;
      }
    }
    return true;
  }
}
