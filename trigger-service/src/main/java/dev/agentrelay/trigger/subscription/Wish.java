package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.trigger.filter.Filters;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription asks for, checked.
 *
 * @param params for the service, which decides by them what to say
 * @param filters for the relay, which decides by them what to deliver
 */
public record Wish(
    @Nullable ObjectNode params, @Nullable ArrayNode filters, Filters.@Nullable Mode mode) {

  /** Adds what there is to an answer or a message; what is absent stays away. */
  public void addTo(ObjectNode json) {
    set(json, "params", params);
    set(json, "filters", filters);
    if (mode != null) {
      json.put("filterMode", mode.wireName());
    }
  }

  private static void set(ObjectNode json, String member, @Nullable JsonNode value) {
    if (value != null) {
      json.set(member, value);
    }
  }
}
