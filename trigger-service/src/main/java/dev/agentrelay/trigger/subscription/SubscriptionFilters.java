package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.trigger.catalog.TriggerDefinition;
import dev.agentrelay.trigger.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the filters of one subscription and brings them into their stored form (rest.md 5.5). */
final class SubscriptionFilters {
  private final List<String> fields;
  private final List<String> errors = new ArrayList<>();
  private final ArrayNode checked = JsonNodeFactory.instance.arrayNode();

  private final boolean hints;

  private SubscriptionFilters(List<String> fields, boolean hints) {
    this.fields = fields;
    this.hints = hints;
  }

  /**
   * @param definition absent while the runner has announced nothing of the type
   * @param sent anything but an array asks for nothing
   * @param hints whether objections say what would do
   * @return {@code null} when there are none
   * @throws RelayException 400 with every objection
   */
  static @Nullable ArrayNode check(
      @Nullable TriggerDefinition definition, @Nullable JsonNode sent, boolean hints) {
    if (sent == null || !sent.isArray()) {
      return null;
    }
    SubscriptionFilters filters =
        new SubscriptionFilters(definition == null ? List.of() : definition.fields(), hints);
    sent.forEach(filters::take);
    if (!filters.errors.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, String.join("; ", filters.errors));
    }
    return filters.checked.isEmpty() ? null : filters.checked;
  }

  private void take(JsonNode item) {
    if (!(item instanceof ObjectNode filter)) {
      errors.add("Each filter must be an object with { field, value }");
      return;
    }
    String field = filter.path("field").textValue();
    JsonNode value = filter.get("value");
    if (field == null || field.isEmpty()) {
      errors.add("Filter missing 'field'");
    } else if (value == null || value.isNull()) {
      errors.add("Filter on '" + field + "' missing 'value'");
    } else if (!fields.isEmpty() && !fields.contains(field)) {
      errors.add(
          "Filter field '" + field + "' is not in the trigger's output schema" + available());
    } else {
      checked
          .addObject()
          .put("field", field)
          .<ObjectNode>set("value", comparable(value))
          .put("op", Filter.Operator.of(filter.get("op")).wireName());
    }
  }

  private String available() {
    return hints ? ". Available: " + String.join(", ", fields) : "";
  }

  /** A scalar, or an array of its scalars; an object becomes its text. */
  private static JsonNode comparable(JsonNode value) {
    if (value.isObject()) {
      return TextNode.valueOf(value.toString());
    }
    if (!value.isArray()) {
      return value;
    }
    ArrayNode scalars = JsonNodeFactory.instance.arrayNode();
    value.forEach(
        each -> {
          if (each.isValueNode() && !each.isNull()) {
            scalars.add(each);
          }
        });
    return scalars;
  }
}
