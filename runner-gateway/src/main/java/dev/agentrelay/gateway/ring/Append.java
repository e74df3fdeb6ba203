package dev.agentrelay.gateway.ring;

import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step of a session's history: an event, changes of the record, or only a place in the order.
 *
 * @param event what goes into the ring or to viewers; absent when the step has none
 * @param piece part of a snapshot that is stored before the event; absent when the step has none
 * @param fields record fields that change with it
 * @param stored runs on the owner's event loop once Redis has the step and all before it
 */
public record Append(
    @Nullable Event event,
    @Nullable Piece piece,
    Map<SessionField, String> fields,
    Runnable stored) {
  private static final int LARGE_BYTES = 65_536;

  public Append(@Nullable Event event, Map<SessionField, String> fields, Runnable stored) {
    this(event, null, fields, stored);
  }

  /** How an event is kept and told. The code is what the append script knows it by. */
  public enum Kind {
    KEPT("c"),
    SNAPSHOT("s"),
    TOLD_ONLY("u"),
    /** A snapshot whose text was stored in pieces; the event's text says where. */
    KEPT_SNAPSHOT("k");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /** An event under its sequence number. */
  public record Event(long seq, Kind kind, RawJson json) {}

  /**
   * Part of a large text.
   *
   * @param key where the text is stored
   * @param number the part's place in it, so that it may be stored again
   */
  public record Piece(String key, int number, Buffer bytes) {}

  /** A step that stores nothing but part of a snapshot. */
  public static Append piece(Piece piece) {
    return new Append(null, piece, Map.of(), () -> {});
  }

  /** A step that stores nothing and completes after all before it. */
  public static Append marker(Runnable stored) {
    return new Append(null, Map.of(), stored);
  }

  boolean isMarker() {
    return event == null && piece == null && fields.isEmpty();
  }

  /** Whether nothing else of the session may be under way beside the step. */
  boolean isLarge() {
    return bytes() > LARGE_BYTES;
  }

  int bytes() {
    return (event == null ? 0 : event.json().length())
        + (piece == null ? 0 : piece.bytes().length());
  }
}
