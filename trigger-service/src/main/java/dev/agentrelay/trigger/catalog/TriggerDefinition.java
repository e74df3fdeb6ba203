package dev.agentrelay.trigger.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A trigger type as a service of a runner declares it (rest.md 4.9).
 *
 * @param json the declaration as it was announced
 */
public record TriggerDefinition(ObjectNode json) {

  public String type() {
    return json.path("type").asText();
  }

  /** The params it declares; entries without a name declare none. */
  public List<ParamDefinition> params() {
    List<ParamDefinition> params = new ArrayList<>();
    for (JsonNode each : json.path("params")) {
      if (each.path("name").isTextual()) {
        params.add(ParamDefinition.of(each));
      }
    }
    return params;
  }

  /** The payload members that its schema names; none when it has no schema. */
  public List<String> fields() {
    List<String> fields = new ArrayList<>();
    json.path("schema").path("properties").fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  /** The session modes it is meant for; none means any. */
  public List<String> modes() {
    List<String> modes = new ArrayList<>();
    json.path("modes").forEach(mode -> modes.add(mode.asText()));
    return modes;
  }
}
