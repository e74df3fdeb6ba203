package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has changed between two announcements of a runner's services (sockets.md 4.15). Definitions
 * are taken over as they are.
 */
final class AnnounceDelta {
  /** The lists of definitions, and which of their members names one. */
  private static final Map<String, String> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put("panels", "serviceId");
    KEYS.put("triggerDefs", "type");
    KEYS.put("sigilDefs", "type");
    KEYS.put("sessionModes", "id");
  }

  private static final String SERVICES = "serviceIds";
  private static final String OPTIONAL = "sessionModes";

  private final RawObject added = RawObject.empty();
  private final RawObject removed = RawObject.empty();
  private final RawObject updated = RawObject.empty();
  private boolean any;

  private AnnounceDelta() {}

  /** The delta's three members; empty when nothing that a delta shows has changed. */
  static Optional<RawObject> between(RawObject before, RawObject after) {
    AnnounceDelta delta = new AnnounceDelta();
    delta.compareServices(ids(before), ids(after));
    KEYS.forEach(
        (list, key) -> {
          if (!list.equals(OPTIONAL) || before.has(list) || after.has(list)) {
            delta.compare(list, named(before.get(list), key), named(after.get(list), key));
          }
        });
    return delta.any
        ? Optional.of(
            RawObject.empty()
                .put("added", delta.added)
                .put("removed", delta.removed)
                .put("updated", delta.updated))
        : Optional.empty();
  }

  private void compareServices(List<RawJson> before, List<RawJson> after) {
    put(added, SERVICES, after.stream().filter(id -> !before.contains(id)).toList());
    put(removed, SERVICES, before.stream().filter(id -> !after.contains(id)).toList());
  }

  private void compare(String list, Map<String, RawJson> before, Map<String, RawJson> after) {
    List<RawJson> fresh = new ArrayList<>();
    List<RawJson> changed = new ArrayList<>();
    after.forEach(
        (name, definition) -> {
          RawJson old = before.get(name);
          if (old == null) {
            fresh.add(definition);
          } else if (!old.equals(definition)) {
            changed.add(definition);
          }
        });
    put(added, list, fresh);
    put(
        removed,
        list,
        before.keySet().stream()
            .filter(name -> !after.containsKey(name))
            .map(JsonValues::of)
            .toList());
    put(updated, list, changed);
  }

  private void put(RawObject part, String list, List<RawJson> values) {
    part.put(list, JsonValues.array(values));
    any = any || !values.isEmpty();
  }

  private static List<RawJson> ids(RawObject announce) {
    List<RawJson> ids = JsonValues.elements(announce.get(SERVICES));
    return ids == null ? List.of() : ids;
  }

  private static Map<String, RawJson> named(@Nullable RawJson list, String key) {
    Map<String, RawJson> named = new LinkedHashMap<>();
    List<RawJson> definitions = JsonValues.elements(list);
    for (RawJson definition : definitions == null ? List.<RawJson>of() : definitions) {
      RawObject object = RawObject.parse(definition);
      String name = object == null ? null : object.text(key);
      if (name != null) {
        named.put(name, definition);
      }
    }
    return named;
  }
}
