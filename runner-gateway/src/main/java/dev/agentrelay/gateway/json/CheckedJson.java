package dev.agentrelay.gateway.json;

import dev.agentrelay.socketio.RawJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts JSON up that a parser has checked before, as it does with all that comes in a packet: only
 * quotes and brackets are looked at, which is several times as fast. A large message would hold up
 * everybody on its event loop otherwise. Of anything else it makes no sense, but does no harm.
 */
final class CheckedJson {
  private final byte[] bytes;
  private final int end;
  private int at;

  private CheckedJson(RawJson json) {
    this.bytes = json.array();
    this.at = json.offset();
    this.end = json.offset() + json.length();
  }

  /** The members of an object, in order; {@code null} when it is none. */
  static @Nullable Map<String, RawJson> members(RawJson json) {
    return new CheckedJson(json).members();
  }

  private @Nullable Map<String, RawJson> members() {
    if (next() != '{') {
      return null;
    }
    Map<String, RawJson> members = new LinkedHashMap<>();
    at++;
    while (next() == '"') {
      String name = JsonValues.text(value());
      if (next() != ':' || name == null) {
        return null;
      }
      at++;
      next();
      members.put(name, value());
      if (next() == ',') {
        at++;
      }
    }
    return next() == '}' ? members : null;
  }

  /** The next byte that is no white space, which is not passed; 0 at the end. */
  private int next() {
    while (at < end && bytes[at] <= ' ') {
      at++;
    }
    return at < end ? bytes[at] : 0;
  }

  /** Passes one value. */
  private RawJson value() {
    int start = at;
    switch (next()) {
      case '"' -> skipText();
      case '{', '[' -> skipNested();
      default -> skipWord();
    }
    return RawJson.of(bytes, start, at - start);
  }

  private void skipText() {
    at = endOfText(bytes, at, end);
  }

  private void skipNested() {
    byte[] array = bytes;
    int last = end;
    int depth = 0;
    int here = at;
    do {
      switch (array[here]) {
        case '"' -> {
          here = endOfText(array, here, last);
          continue;
        }
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        default -> {}
      }
      here++;
    } while (here < last && depth > 0);
    at = here;
  }

  /** The place after the closing quote of a string. */
  private static int endOfText(byte[] array, int quote, int end) {
    int here = quote + 1;
    while (here < end) {
      byte found = array[here];
      if (found == '"') {
        return here + 1;
      }
      here += found == '\\' ? 2 : 1;
    }
    return end;
  }

  private void skipWord() {
    while (at < end && bytes[at] > ' ' && bytes[at] != ',' && bytes[at] != '}') {
      at++;
    }
  }
}
