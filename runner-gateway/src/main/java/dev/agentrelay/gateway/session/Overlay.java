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

  /** Takes over the members that belong here, and gives just those. */
  RawObject applyMetadata(RawObject metadata) {
    RawObject patch = RawObject.empty();
    METADATA_MEMBERS.forEach(name -> patch.putIfPresent(name, metadata.get(name)));
    return apply(patch);
  }

  /** Takes over what a {@code capabilities} event lists, and gives just that. */
  RawObject applyCapabilities(RawObject event) {
    return apply(
        RawObject.empty()
            .putIfPresent("availableModels", event.get("models"))
            .putIfPresent("availableCommands", event.get("commands")));
  }

  private RawObject apply(RawObject patch) {
    over(members, patch);
    return patch;
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
