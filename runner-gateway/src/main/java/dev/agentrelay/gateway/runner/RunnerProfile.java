package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a daemon says of itself, brought into the form that clients rely on (sockets.md 4.1, step
 * 3): lists are lists, names are there, paths have forward slashes.
 */
final class RunnerProfile {
  private static final List<String> PLUGIN_LISTS = List.of("commands", "hookEvents", "skills");
  private static final List<String> PLUGIN_OPTIONAL_LISTS = List.of("agents", "rules");
  private static final List<String> PLUGIN_FLAGS = List.of("hasMcp", "hasAgents", "hasLsp");
  private static final RawJson EMPTY_LIST = RawJson.of("[]");

  private RunnerProfile() {}

  /** The members of RunnerInfo that come from {@code register_runner}, without the runner's id. */
  static RawObject of(RawObject payload) {
    return RawObject.empty()
        .put("name", payload.trimmedText("name"))
        .put("roots", roots(payload.get("roots")))
        .put("skills", files(payload.get("skills")))
        .put("agents", files(payload.get("agents")))
        .put("plugins", plugins(payload.get("plugins")))
        .put("hooks", hooks(payload.get("hooks")))
        .put("version", payload.trimmedText("version"))
        .put("platform", payload.trimmedText("platform"));
  }

  private static RawJson roots(@Nullable RawJson list) {
    List<RawJson> roots = new ArrayList<>();
    for (RawJson element : elements(list)) {
      String root = JsonValues.text(element);
      if (root != null && !root.isBlank()) {
        roots.add(JsonValues.of(normalRoot(root.strip())));
      }
    }
    return JsonValues.array(roots);
  }

  private static String normalRoot(String root) {
    String forward = root.replace('\\', '/');
    int end = forward.length();
    while (end > 1 && forward.charAt(end - 1) == '/') {
      end--;
    }
    return forward.substring(0, end);
  }

  /** Skills or agents: name, description and path; an entry without a name is dropped. */
  static RawJson files(@Nullable RawJson list) {
    List<RawJson> files = new ArrayList<>();
    for (RawJson element : elements(list)) {
      RawObject file = RawObject.parse(element);
      String name = file == null ? null : file.trimmedText("name");
      if (file != null && name != null) {
        files.add(
            RawObject.empty()
                .put("name", name)
                .put("description", orEmpty(file.text("description")))
                .put("filePath", orEmpty(file.text("filePath")))
                .toJson());
      }
    }
    return JsonValues.array(files);
  }

  static RawJson plugins(@Nullable RawJson list) {
    List<RawJson> plugins = new ArrayList<>();
    for (RawJson element : elements(list)) {
      RawObject plugin = RawObject.parse(element);
      if (plugin != null && plugin.trimmedText("name") != null) {
        plugins.add(plugin(plugin).toJson());
      }
    }
    return JsonValues.array(plugins);
  }

  private static RawObject plugin(RawObject plugin) {
    RawObject normal =
        RawObject.empty()
            .put("name", plugin.trimmedText("name"))
            .put("description", orEmpty(plugin.text("description")))
            .put("rootPath", orEmpty(plugin.text("rootPath")));
    PLUGIN_LISTS.forEach(member -> normal.put(member, listOr(plugin.get(member), EMPTY_LIST)));
    PLUGIN_OPTIONAL_LISTS.forEach(
        member -> normal.putIfPresent(member, listOr(plugin.get(member), null)));
    PLUGIN_FLAGS.forEach(member -> normal.put(member, plugin.isTrue(member)));
    for (String member : List.of("version", "author")) {
      String text = plugin.text(member);
      if (text != null) {
        normal.put(member, text);
      }
    }
    return normal;
  }

  private static RawJson hooks(@Nullable RawJson list) {
    List<RawJson> hooks = new ArrayList<>();
    for (RawJson element : elements(list)) {
      RawObject hook = RawObject.parse(element);
      if (hook != null
          && hook.text("type") != null
          && JsonValues.elements(hook.get("scripts")) != null) {
        hooks.add(element);
      }
    }
    return JsonValues.array(hooks);
  }

  private static @Nullable RawJson listOr(@Nullable RawJson value, @Nullable RawJson otherwise) {
    return JsonValues.elements(value) == null ? otherwise : value;
  }

  private static List<RawJson> elements(@Nullable RawJson list) {
    List<RawJson> elements = JsonValues.elements(list);
    return elements == null ? List.of() : elements;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
