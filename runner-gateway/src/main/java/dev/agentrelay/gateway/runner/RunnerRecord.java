package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered runner.
 *
 * @param info the members of RunnerInfo that the daemon gave at registration
 * @param announce what it last announced of its services; absent before the first time
 * @param warnings a JSON array
 * @param sessionIds its live sessions
 */
public record RunnerRecord(
    RunnerId id,
    UserId user,
    @Nullable String name,
    ReplicaId replica,
    RawObject info,
    @Nullable RawObject announce,
    RawJson warnings,
    List<String> sessionIds) {

  /** Members of an announcement that are always shown once there was one. */
  private static final List<String> ALWAYS_SHOWN =
      List.of("serviceIds", "disabledServiceIds", "panels");

  private static final List<String> SHOWN_UNLESS_EMPTY =
      List.of("triggerDefs", "sigilDefs", "sessionModes");
  private static final RawJson EMPTY_LIST = RawJson.of("[]");

  /** The runner as feeds and lists show it (sockets.md 3.5). */
  public RawObject toInfo() {
    RawObject shown = RawObject.empty().put("runnerId", id.value());
    for (String member : List.of("name", "roots")) {
      shown.put(member, info.get(member));
    }
    shown.put("sessionCount", sessionIds.size());
    for (Map.Entry<String, RawJson> member : info.entries()) {
      shown.put(member.getKey(), member.getValue());
    }
    if (announce != null) {
      for (String member : ALWAYS_SHOWN) {
        RawJson value = announce.get(member);
        shown.put(member, value == null ? EMPTY_LIST : value);
      }
      for (String member : SHOWN_UNLESS_EMPTY) {
        RawJson value = announce.get(member);
        if (!isEmptyList(value)) {
          shown.put(member, value);
        }
      }
    }
    if (!isEmptyList(warnings)) {
      shown.put("warnings", warnings);
    }
    return shown;
  }

  /** The folders the runner may work in, with forward slashes; none means any. */
  public List<String> roots() {
    List<String> roots = new ArrayList<>();
    List<RawJson> elements = JsonValues.elements(info.get("roots"));
    if (elements != null) {
      for (RawJson element : elements) {
        String root = JsonValues.text(element);
        if (root != null) {
          roots.add(root);
        }
      }
    }
    return roots;
  }

  private static boolean isEmptyList(@Nullable RawJson value) {
    List<RawJson> elements = JsonValues.elements(value);
    return elements == null || elements.isEmpty();
  }
}
