package dev.agentrelay.gateway.ring;

import dev.agentrelay.gateway.ring.Append.Piece;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A large text on its way to Redis, cut into pieces that nobody has to wait long behind. Not
 * thread-safe.
 */
public final class PiecedText {
  private static final int PIECE_BYTES = 131_072;

  private final String key;
  private int pieces;
  private long bytes;

  /**
   * @param key where the text is stored; no other text may have the same
   */
  public PiecedText(String key) {
    this.key = key;
  }

  /** Whether a text is better stored in pieces. */
  public static boolean isWorthwhileFor(RawJson text) {
    return text.length() > 2 * PIECE_BYTES;
  }

  /** The text goes on with this. */
  public List<Piece> append(Buffer more) {
    List<Piece> cut = new ArrayList<>();
    for (int from = 0; from < more.length(); from += PIECE_BYTES) {
      Buffer piece = more.slice(from, Math.min(more.length(), from + PIECE_BYTES));
      cut.add(new Piece(key, pieces++, piece));
    }
    bytes += more.length();
    return cut;
  }

  /** What an event of kind {@link Append.Kind#KEPT_SNAPSHOT} has in place of its text. */
  public RawJson reference() {
    return RawJson.of(key + " " + pieces + " " + bytes);
  }
}
