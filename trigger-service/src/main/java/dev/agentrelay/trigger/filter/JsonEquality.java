package dev.agentrelay.trigger.filter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Loose equality of JSON scalars, as filters and enums compare (rest.md 5.6): numbers equal numeric
 * text, booleans equal 1 and 0.
 */
public final class JsonEquality {
  private static final int LONGEST_NUMBER = 400;

  private JsonEquality() {}

  /** Containers and null equal nothing. */
  public static boolean equal(JsonNode one, JsonNode other) {
    if (!isScalar(one) || !isScalar(other)) {
      return false;
    }
    if (one.isTextual() && other.isTextual()) {
      return one.textValue().equals(other.textValue());
    }
    BigDecimal left = number(one);
    BigDecimal right = number(other);
    return left != null && right != null && left.compareTo(right) == 0;
  }

  /** The number a scalar stands for: blank text is 0, {@code true} is 1; {@code null} when none. */
  public static @Nullable BigDecimal number(JsonNode scalar) {
    return switch (scalar.getNodeType()) {
      case NUMBER -> scalar.decimalValue();
      case BOOLEAN -> scalar.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO;
      case STRING -> number(scalar.textValue().strip());
      case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> null;
    };
  }

  private static @Nullable BigDecimal number(String text) {
    if (text.isEmpty()) {
      return BigDecimal.ZERO;
    }
    try {
      return text.length() > LONGEST_NUMBER ? null : new BigDecimal(text);
    } catch (NumberFormatException notOne) {
      return null;
    }
  }

  static boolean isScalar(JsonNode node) {
    return node.isTextual() || node.isNumber() || node.isBoolean();
  }
}
