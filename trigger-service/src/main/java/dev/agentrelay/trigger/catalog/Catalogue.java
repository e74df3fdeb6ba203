package dev.agentrelay.trigger.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The trigger types and session modes that a runner last announced. */
public final class Catalogue {
  private final JsonNode announce;

  Catalogue(JsonNode announce) {
    this.announce = announce;
  }

  /** Every type in the order announced. */
  public List<TriggerDefinition> definitions() {
    List<TriggerDefinition> definitions = new ArrayList<>();
    for (JsonNode each : announce.path("triggerDefs")) {
      if (each instanceof ObjectNode json && each.path("type").isTextual()) {
        definitions.add(new TriggerDefinition(json));
      }
    }
    return definitions;
  }

  public Optional<TriggerDefinition> definition(String type) {
    return definitions().stream().filter(each -> each.type().equals(type)).findFirst();
  }

  /** Whether the type may be used in that folder (mode scope, rest.md 5.7). */
  public boolean allows(TriggerDefinition definition, @Nullable String cwd) {
    List<String> modes = definition.modes();
    return modes.isEmpty() || modeOf(cwd).filter(modes::contains).isPresent();
  }

  /** The mode with the longest workspace that equals or contains the folder. */
  private Optional<String> modeOf(@Nullable String cwd) {
    String found = null;
    int longest = -1;
    for (JsonNode mode : announce.path("sessionModes")) {
      String workspace = mode.path("workspace").asText("");
      if (workspace.length() > longest && contains(workspace, cwd)) {
        longest = workspace.length();
        found = mode.path("id").asText();
      }
    }
    return Optional.ofNullable(found);
  }

  private static boolean contains(String workspace, @Nullable String cwd) {
    if (workspace.isEmpty() || cwd == null) {
      return false;
    }
    int end = workspace.length();
    while (end > 0 && workspace.charAt(end - 1) == '/') {
      end--;
    }
    String root = workspace.substring(0, end);
    return cwd.equals(root) || cwd.startsWith(root + "/");
  }
}
