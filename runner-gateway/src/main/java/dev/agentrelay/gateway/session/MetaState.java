package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the hub shows of a session besides its transcript, with a version that grows with each
 * change (sockets.md 4.18).
 */
final class MetaState {
  /** Members of a heartbeat or a metadata update that are taken over. */
  private static final List<String> HEARTBEAT_MEMBERS =
      List.of(
          "todoList",
          "pendingQuestion",
          "pendingPlan",
          "planModeEnabled",
          "isCompacting",
          "retryState",
          "pendingPluginTrust",
          "mcpStartupReport",
          "tokenUsage",
          "providerUsage",
          "thinkingLevel",
          "authSource",
          "model");

  private static final Map<String, List<Patch>> PATCHES =
      Map.ofEntries(
          Map.entry("todo_updated", List.of(Patch.take("todoList", "todoList"))),
          Map.entry("question_pending", List.of(Patch.take("pendingQuestion", "question"))),
          Map.entry("question_cleared", List.of(Patch.set("pendingQuestion", RawJson.NULL))),
          Map.entry("plan_pending", List.of(Patch.take("pendingPlan", "plan"))),
          Map.entry("plan_cleared", List.of(Patch.set("pendingPlan", RawJson.NULL))),
          Map.entry("plan_mode_toggled", List.of(Patch.take("planModeEnabled", "enabled"))),
          Map.entry("compact_started", List.of(Patch.set("isCompacting", RawJson.TRUE))),
          Map.entry("compact_ended", List.of(Patch.set("isCompacting", RawJson.FALSE))),
          Map.entry("retry_state_changed", List.of(Patch.take("retryState", "state"))),
          Map.entry("plugin_trust_required", List.of(Patch.take("pendingPluginTrust", "prompt"))),
          Map.entry(
              "plugin_trust_resolved", List.of(Patch.set("pendingPluginTrust", RawJson.NULL))),
          Map.entry("approval_pending", List.of(Patch.take("pendingApproval", "approval"))),
          Map.entry("approval_cleared", List.of(Patch.set("pendingApproval", RawJson.NULL))),
          Map.entry("mcp_startup_report", List.of(Patch.take("mcpStartupReport", "report"))),
          Map.entry(
              "token_usage_updated",
              List.of(
                  Patch.take("tokenUsage", "tokenUsage"),
                  Patch.take("providerUsage", "providerUsage"))),
          Map.entry("thinking_level_changed", List.of(Patch.take("thinkingLevel", "level"))),
          Map.entry("auth_source_changed", List.of(Patch.take("authSource", "source"))),
          Map.entry("model_changed", List.of(Patch.take("model", "model"))),
          Map.entry("goal_updated", List.of(Patch.take("goal", "goal"))));

  private final RawObject state;
  private long version;

  /** A change of one member: from a member of the event, or to a fixed value. */
  private record Patch(String member, @Nullable String source, RawJson value) {
    static Patch take(String member, String source) {
      return new Patch(member, source, RawJson.NULL);
    }

    static Patch set(String member, RawJson value) {
      return new Patch(member, null, value);
    }
  }

  MetaState() {
    state =
        RawObject.empty()
            .put("todoList", RawJson.of("[]"))
            .put("pendingQuestion", RawJson.NULL)
            .put("pendingPlan", RawJson.NULL)
            .put("planModeEnabled", false)
            .put("isCompacting", false)
            .put("retryState", RawJson.NULL)
            .put("pendingPluginTrust", RawJson.NULL)
            .put("pendingApproval", RawJson.NULL)
            .put("mcpStartupReport", RawJson.NULL)
            .put("tokenUsage", RawJson.NULL)
            .put("providerUsage", RawJson.NULL)
            .put("thinkingLevel", RawJson.NULL)
            .put("authSource", RawJson.NULL)
            .put("model", RawJson.NULL)
            .put("goal", RawJson.NULL)
            .put("version", 0);
  }

  /** The types of the events that may change only this state. */
  static Set<String> types() {
    return PATCHES.keySet();
  }

  /** Whether the event changes only this state, so that viewers do not see it. */
  static boolean isMetaEvent(String type, RawObject event) {
    return PATCHES.containsKey(type)
        && (!type.equals("mcp_startup_report") || event.object("report") != null);
  }

  long version() {
    return version;
  }

  RawJson toJson() {
    return state.toJson();
  }

  void applyMetaEvent(String type, RawObject event) {
    for (Patch patch : PATCHES.getOrDefault(type, List.of())) {
      state.put(patch.member(), patch.source() == null ? patch.value() : event.get(patch.source()));
    }
    grow();
  }

  void applyHeartbeat(RawObject heartbeat) {
    for (String member : HEARTBEAT_MEMBERS) {
      if (heartbeat.has(member)) {
        state.put(member, heartbeat.get(member));
      }
    }
    grow();
  }

  /**
   * Takes over the members of a {@code session_metadata_update} that belong here (sockets.md
   * 4.4.6).
   */
  void applyMetadata(RawObject metadata) {
    RawObject model = metadata.object("model");
    if (model != null) {
      RawObject merged = state.object("model");
      state.put("model", merged == null ? model : merged.putAll(model));
    }
    for (String member : List.of("thinkingLevel", "todoList", "goal")) {
      if (metadata.has(member)) {
        state.put(member, metadata.get(member));
      }
    }
    grow();
  }

  private void grow() {
    version++;
    state.put("version", version);
  }
}
