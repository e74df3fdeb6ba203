package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Metadata that is newer than the session's last full snapshot, and is laid over it when that is
 * shown (sockets.md 4.4.6).
 */
public final class Overlay {
  private static final List<String> METADATA_MEMBERS =
      List.of(
          "model",
          "sessionName",
          "thinkingLevel",
          "availableModels",
          "availableCommands",
          "todoList",
          "queuedMessages",
          "goal");

  private RawObject members = RawObject.empty();

  void applyMetadata(RawObject metadata) {
    for (String name : METADATA_MEMBERS) {
      RawJson value = metadata.get(name);
      if (value != null) {
        members.put(name, name.equals("model") ? mergedModel(members.get("model"), value) : value);
      }
    }
  }

  /** Takes over what a {@code capabilities} event lists. */
  void applyCapabilities(RawObject event) {
    RawJson models = event.get("models");
    RawJson commands = event.get("commands");
    members.putIfPresent("availableModels", models).putIfPresent("availableCommands", commands);
  }

  void clear() {
    members = RawObject.empty();
  }

  RawJson toJson() {
    return members.toJson();
  }

  /** Lays an overlay, as stored, over a snapshot's state. */
  public static RawObject over(RawObject state, @Nullable RawObject overlay) {
    if (overlay == null || overlay.isEmpty()) {
      return state;
    }
    RawJson model = overlay.get("model");
    RawJson shown = state.get("model");
    state.putAll(overlay);
    if (model != null) {
      state.put("model", mergedModel(shown, model));
    }
    return state;
  }

  /** Fields of the older model stay only when it is the same model. */
  private static RawJson mergedModel(@Nullable RawJson older, RawJson newer) {
    RawObject before = RawObject.parse(older);
    RawObject after = RawObject.parse(newer);
    if (before == null
        || after == null
        || !Objects.equals(before.text("provider"), after.text("provider"))
        || !Objects.equals(before.text("id"), after.text("id"))) {
      return newer;
    }
    return before.putAll(after).toJson();
  }
}
