package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.trigger.catalog.ParamDefinition;
import dev.agentrelay.trigger.catalog.TriggerDefinition;
import dev.agentrelay.trigger.filter.JsonEquality;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns the params of one subscription into the types that its trigger type declares (rest.md 5.5).
 */
final class SubscriptionParams {
  private final ObjectNode coerced = JsonNodeFactory.instance.objectNode();
  private final List<String> errors = new ArrayList<>();
  private final ObjectNode sent;
  private final boolean hints;

  private SubscriptionParams(ObjectNode sent, boolean hints) {
    this.sent = sent;
    this.hints = hints;
  }

  /**
   * Params of a new subscription, for which required ones must be there.
   *
   * @return {@code null} when there are none
   * @throws RelayException 400 with every objection
   */
  static @Nullable ObjectNode create(TriggerDefinition definition, @Nullable JsonNode sent) {
    if (sent instanceof ObjectNode object) {
      return coerce(definition, object, true);
    }
    List<ParamDefinition> missing =
        definition.params().stream().filter(ParamDefinition::required).toList();
    if (!missing.isEmpty()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST,
          "Missing required params: "
              + missing.stream().map(ParamDefinition::name).collect(Collectors.joining(", ")));
    }
    return null;
  }

  /**
   * Params that replace those of a subscription; an absent or empty object clears them.
   *
   * @param definition absent while the runner has announced nothing of the type
   * @throws RelayException 400 with every objection
   */
  static @Nullable ObjectNode replace(
      @Nullable TriggerDefinition definition, @Nullable JsonNode sent) {
    return sent instanceof ObjectNode object && !object.isEmpty()
        ? coerce(definition, object, false)
        : null;
  }

  private static @Nullable ObjectNode coerce(
      @Nullable TriggerDefinition definition, ObjectNode sent, boolean hints) {
    SubscriptionParams params = new SubscriptionParams(sent, hints);
    List<ParamDefinition> declared = definition == null ? List.of() : definition.params();
    declared.forEach(params::take);
    params.takeUndeclared(declared);
    if (!params.errors.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, String.join("; ", params.errors));
    }
    return params.coerced.isEmpty() ? null : params.coerced;
  }

  private void take(ParamDefinition definition) {
    JsonNode value = sent.get(definition.name());
    if (value == null || value.isNull()) {
      if (definition.required()) {
        errors.add("Missing required param '" + definition.name() + "'");
      }
    } else if (definition.multiselect() && definition.restricted()) {
      takeSelection(definition, value);
    } else {
      takeValue(definition, value);
    }
  }

  private void takeUndeclared(List<ParamDefinition> declared) {
    for (Map.Entry<String, JsonNode> each : sent.properties()) {
      boolean known = declared.stream().anyMatch(param -> param.name().equals(each.getKey()));
      if (!known && !each.getValue().isNull()) {
        coerced.set(each.getKey(), each.getValue());
      }
    }
  }

  private void takeSelection(ParamDefinition definition, JsonNode value) {
    ArrayNode chosen = JsonNodeFactory.instance.arrayNode();
    List<String> invalid = new ArrayList<>();
    for (JsonNode item :
        value.isArray() ? value : JsonNodeFactory.instance.arrayNode().add(value)) {
      converted(definition, item)
          .ifPresent(
              each -> {
                chosen.add(each);
                if (!isAllowed(definition, each)) {
                  invalid.add(each.asText());
                }
              });
    }
    if (!invalid.isEmpty()) {
      errors.add(
          "Param '%s' contains invalid values: %s. Allowed: %s"
              .formatted(definition.name(), String.join(", ", invalid), definition.allowedText()));
    } else if (!chosen.isEmpty()) {
      coerced.set(definition.name(), chosen);
    } else if (definition.required()) {
      errors.add("Param '" + definition.name() + "' requires at least one valid value");
    }
  }

  private void takeValue(ParamDefinition definition, JsonNode value) {
    Optional<JsonNode> converted = converted(definition, value);
    if (converted.isEmpty()) {
      errors.add(
          "Param '%s' must be a %s"
              .formatted(
                  definition.name(),
                  definition.type() == ParamDefinition.Type.NUMBER
                      ? "number"
                      : hints ? "boolean (true/false)" : "boolean"));
    } else if (definition.restricted()
        && definition.type() != ParamDefinition.Type.JSON
        && definition.type() != ParamDefinition.Type.BOOLEAN
        && !isAllowed(definition, converted.get())) {
      errors.add(
          "Param '%s' must be one of: %s".formatted(definition.name(), definition.allowedText()));
    } else {
      coerced.set(definition.name(), converted.get());
    }
  }

  /** The value in the declared type; empty when it cannot be turned into one. */
  private static Optional<JsonNode> converted(ParamDefinition definition, JsonNode value) {
    return switch (definition.type()) {
      case JSON -> Optional.of(value);
      case NUMBER -> Optional.ofNullable(number(value));
      case BOOLEAN ->
          switch (value.asText()) {
            case "true" -> Optional.of(BooleanNode.TRUE);
            case "false" -> Optional.of(BooleanNode.FALSE);
            default -> Optional.empty();
          };
      case STRING ->
          Optional.of(
              TextNode.valueOf(value.isContainerNode() ? value.toString() : value.asText()));
    };
  }

  private static @Nullable JsonNode number(JsonNode value) {
    if (value.isNumber()) {
      return value;
    }
    BigDecimal number = JsonEquality.number(value);
    return number == null ? null : DecimalNode.valueOf(number);
  }

  private static boolean isAllowed(ParamDefinition definition, JsonNode value) {
    return definition.allowed().stream().anyMatch(each -> JsonEquality.equal(each, value));
  }
}
