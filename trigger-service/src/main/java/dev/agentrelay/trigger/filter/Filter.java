package dev.agentrelay.trigger.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * One condition on a top-level member of a payload.
 *
 * @param value a scalar, or an array of scalars any of which will do
 */
public record Filter(String field, JsonNode value, Operator operator) {

  /** How a member is compared. */
  public enum Operator {
    /** Loose equality; an array equals when any element does. */
    EQ,
    /** Part of a text, whatever the case. */
    CONTAINS;

    /** The operator of that name; {@code eq} for whatever else. */
    public static Operator of(@Nullable JsonNode name) {
      return name != null && "contains".equals(name.textValue()) ? CONTAINS : EQ;
    }

    /** Its name on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  boolean matches(ObjectNode payload) {
    JsonNode actual = payload.get(field);
    if (actual == null) {
      return false;
    }
    return switch (operator) {
      case EQ -> each(actual).anyMatch(a -> each(value).anyMatch(e -> JsonEquality.equal(a, e)));
      case CONTAINS -> value.isTextual() && each(actual).anyMatch(this::isIn);
    };
  }

  private boolean isIn(JsonNode actual) {
    return actual.isTextual()
        && actual
            .textValue()
            .toLowerCase(Locale.ROOT)
            .contains(value.textValue().toLowerCase(Locale.ROOT));
  }

  private static Stream<JsonNode> each(JsonNode node) {
    return node.isArray()
        ? StreamSupport.stream(node.spliterator(), false)
        : List.of(node).stream();
  }
}
