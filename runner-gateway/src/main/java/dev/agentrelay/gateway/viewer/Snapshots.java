package dev.agentrelay.gateway.viewer;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.Overlay;
import dev.agentrelay.socketio.RawJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a viewer starts with out of a stored {@code session_active} event (sockets.md 4.6).
 */
final class Snapshots {
  private static final int TAIL = 50;

  /** What a viewer is given at once, unless a single message has more. */
  private static final long MAX_BYTES = 8_388_608;

  private Snapshots() {}

  /**
   * The event with the overlay laid over its state and only the last 50 messages, or fewer large
   * ones.
   */
  static RawJson truncated(RawJson event, @Nullable RawObject overlay) {
    return changed(event, overlay, true);
  }

  /** The event with the overlay laid over its state, all messages in it. */
  static RawJson whole(RawJson event, @Nullable RawObject overlay) {
    return changed(event, overlay, false);
  }

  /** Whether an event with all its messages is small enough for one frame to a viewer. */
  static boolean mayBeSentWhole(RawJson event) {
    return event.length() <= MAX_BYTES;
  }

  /** Where the last messages before {@code end} begin: so many, or fewer when they are large. */
  static int tailFrom(List<RawJson> messages, int end, int most) {
    int from = end;
    long bytes = 0;
    while (from > 0 && end - from < most) {
      bytes += messages.get(from - 1).length();
      if (bytes > MAX_BYTES && from < end) {
        break;
      }
      from--;
    }
    return from;
  }

  private static RawJson changed(RawJson event, @Nullable RawObject overlay, boolean truncate) {
    RawObject object = RawObject.ofChecked(event);
    if (object == null) {
      return event;
    }
    RawObject state = RawObject.ofChecked(object.get("state"));
    if (state == null) {
      // an agent_end carries its messages itself, and nothing that an overlay could change
      return truncate ? truncated(object).toJson() : event;
    }
    return object.put("state", Overlay.over(truncate ? truncated(state) : state, overlay)).toJson();
  }

  private static RawObject truncated(RawObject holder) {
    List<RawJson> messages = JsonValues.elements(holder.get("messages"));
    if (messages != null) {
      int from = tailFrom(messages, messages.size(), TAIL);
      holder
          .put("messages", JsonValues.array(messages.subList(from, messages.size())))
          .put("totalMessages", messages.size())
          .put("hasMore", from > 0)
          .put("oldestLoadedIndex", from);
    }
    return holder;
  }

  /** The messages of a stored snapshot; empty when it has none. */
  static List<RawJson> messages(RawJson event) {
    RawObject object = RawObject.ofChecked(event);
    RawObject state = object == null ? null : RawObject.ofChecked(object.get("state"));
    RawObject holder = state == null ? object : state;
    List<RawJson> messages = holder == null ? null : JsonValues.elements(holder.get("messages"));
    return messages == null ? List.of() : messages;
  }
}
