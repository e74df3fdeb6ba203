package dev.agentrelay.trigger.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a subscription or listener asks of a payload; no condition at all wants every payload. */
public record Filters(List<Filter> conditions, Mode mode) {
  private static final String CONTAINS = "contains";

  /** How many of the conditions must hold. */
  public enum Mode {
    AND,
    OR;

    /** The mode of that name; {@code null} for whatever else. */
    public static @Nullable Mode of(@Nullable String name) {
      return switch (name) {
        case null -> null;
        case "and" -> AND;
        case "or" -> OR;
        default -> null;
      };
    }

    /** Its name on the wire. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Reads filters that were checked when they were stored. */
  public static Filters of(@Nullable JsonNode stored, @Nullable Mode mode) {
    List<Filter> conditions = new ArrayList<>();
    if (stored != null) {
      for (JsonNode each : stored) {
        conditions.add(
            new Filter(
                each.path("field").asText(),
                each.path("value"),
                Filter.Operator.of(each.get("op"))));
      }
    }
    return new Filters(conditions, mode == null ? Mode.AND : mode);
  }

  /**
   * Reads a listener's params as filters that must all hold: a key that ends in {@code contains}
   * asks for part of a text, any other for equality (rest.md 5.6).
   */
  public static Filters ofParams(@Nullable JsonNode params) {
    List<Filter> conditions = new ArrayList<>();
    if (params != null) {
      for (Map.Entry<String, JsonNode> param : params.properties()) {
        String key = param.getKey();
        boolean part =
            key.length() > CONTAINS.length() && key.toLowerCase(Locale.ROOT).endsWith(CONTAINS);
        conditions.add(
            new Filter(
                part ? key.substring(0, key.length() - CONTAINS.length()) : key,
                param.getValue(),
                part ? Filter.Operator.CONTAINS : Filter.Operator.EQ));
      }
    }
    return new Filters(conditions, Mode.AND);
  }

  /** Whether the payload is wanted. Only its top-level members are looked at. */
  public boolean match(ObjectNode payload) {
    if (conditions.isEmpty()) {
      return true;
    }
    return switch (mode) {
      case AND -> conditions.stream().allMatch(condition -> condition.matches(payload));
      case OR -> conditions.stream().anyMatch(condition -> condition.matches(payload));
    };
  }
}
