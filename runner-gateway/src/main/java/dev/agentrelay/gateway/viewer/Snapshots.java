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

  private Snapshots() {}

  /** The event with the overlay laid over its state and only the last 50 messages. */
  static RawJson truncated(RawJson event, @Nullable RawObject overlay) {
    return changed(event, overlay, true);
  }

  /** The event with the overlay laid over its state, all messages in it. */
  static RawJson whole(RawJson event, @Nullable RawObject overlay) {
    return changed(event, overlay, false);
  }

  private static RawJson changed(RawJson event, @Nullable RawObject overlay, boolean truncate) {
    RawObject object = RawObject.parse(event);
    RawObject state = object == null ? null : object.object("state");
    if (object == null || state == null) {
      return event;
    }
    if (truncate) {
      truncate(state);
    }
    return object.put("state", Overlay.over(state, overlay)).toJson();
  }

  private static void truncate(RawObject state) {
    List<RawJson> messages = JsonValues.elements(state.get("messages"));
    if (messages != null) {
      int from = Math.max(0, messages.size() - TAIL);
      state
          .put("messages", JsonValues.array(messages.subList(from, messages.size())))
          .put("totalMessages", messages.size())
          .put("hasMore", from > 0)
          .put("oldestLoadedIndex", from);
    }
  }

  /** The messages of a stored {@code session_active} event; empty when it has none. */
  static List<RawJson> messages(RawJson event) {
    RawObject object = RawObject.parse(event);
    RawObject state = object == null ? null : object.object("state");
    List<RawJson> messages = state == null ? null : JsonValues.elements(state.get("messages"));
    return messages == null ? List.of() : messages;
  }
}
