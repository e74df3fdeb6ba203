package dev.agentrelay.trigger.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One param of a trigger type.
 *
 * @param allowed the values it may have; none means any
 * @param restricted whether it may have only allowed values
 */
public record ParamDefinition(
    String name,
    Type type,
    boolean required,
    boolean multiselect,
    boolean restricted,
    List<JsonNode> allowed) {

  /** What a value is turned into. */
  public enum Type {
    STRING,
    NUMBER,
    BOOLEAN,
    JSON
  }

  static ParamDefinition of(JsonNode json) {
    List<JsonNode> allowed = new ArrayList<>();
    json.path("enum").forEach(allowed::add);
    return new ParamDefinition(
        json.path("name").asText(),
        switch (json.path("type").asText()) {
          case "number" -> Type.NUMBER;
          case "boolean" -> Type.BOOLEAN;
          case "json" -> Type.JSON;
          default -> Type.STRING;
        },
        json.path("required").asBoolean(),
        json.path("multiselect").asBoolean(),
        json.path("enum").isArray(),
        allowed);
  }

  /** The allowed values for people. */
  public String allowedText() {
    return allowed.stream().map(JsonNode::asText).collect(Collectors.joining(", "));
  }
}
