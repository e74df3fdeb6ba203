package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The body of T1 and T9 (rest.md 5.3, 5.6).
 *
 * @param source what fired it; may be empty text
 */
public record TriggerRequest(
    String type,
    ObjectNode payload,
    DeliverAs deliverAs,
    boolean expectsResponse,
    String source,
    @Nullable String summary,
    boolean wakeSession) {

  /**
   * @throws RelayException 400
   */
  static TriggerRequest of(ObjectNode body, DeliverAs deliverAs, String source) {
    String sentSource = JsonBody.text(body, "source");
    return new TriggerRequest(
        type(body),
        payload(body),
        DeliverAs.of(body.get("deliverAs"), deliverAs),
        body.path("expectsResponse").asBoolean(),
        sentSource == null ? source : sentSource,
        JsonBody.text(body, "summary"),
        body.path("wakeSession").isBoolean() && body.path("wakeSession").booleanValue());
  }

  /**
   * @throws RelayException 400
   */
  public static String type(ObjectNode body) {
    String type = JsonBody.text(body, "type");
    if (type == null || type.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing or invalid 'type' field");
    }
    return type;
  }

  /**
   * @throws RelayException 400
   */
  public static ObjectNode payload(ObjectNode body) {
    if (body.get("payload") instanceof ObjectNode payload) {
      return payload;
    }
    throw new RelayException(
        ErrorCode.INVALID_REQUEST, "Missing or invalid 'payload' field — must be an object");
  }

  /**
   * @param sender what a trigger without a summary is said to come from, before its source
   */
  Trigger toTrigger(String sender) {
    return new Trigger(
        Trigger.nextId(),
        type,
        "external:" + source,
        summary == null ? "%s (%s)".formatted(sender, source) : summary,
        summary,
        payload,
        deliverAs,
        expectsResponse,
        Instant.now());
  }
}
