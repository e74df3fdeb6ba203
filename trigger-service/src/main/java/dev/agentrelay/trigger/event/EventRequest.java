package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.trigger.delivery.DeliverAs;
import dev.agentrelay.trigger.delivery.TriggerRequest;
import dev.agentrelay.trigger.live.PathIds;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/events}.
 *
 * @param fireKey names the fire; the same one again is the same event
 * @param target the one it is for; absent for everybody who subscribed
 * @param sourceId the session it comes from when {@code sourceKind} is {@code session}
 * @param answerWithin how long an answer is waited for; absent when none is
 */
record EventRequest(
    String type,
    ObjectNode payload,
    @Nullable String summary,
    @Nullable String fireKey,
    @Nullable Direct target,
    @Nullable String sourceKind,
    @Nullable String sourceId,
    @Nullable String sourceName,
    @Nullable Duration answerWithin) {
  private static final int LONGEST_KEY = 1_024;
  private static final Duration ANSWER_WITHIN = Duration.ofMinutes(30);
  private static final Duration LONGEST_ANSWER = Duration.ofDays(7);

  /**
   * One session, or one listener, by its id.
   *
   * @param wake whether a session that is offline is to be woken
   */
  record Direct(String sessionId, DeliverAs deliverAs, boolean wake) {}

  /**
   * @throws RelayException 400
   */
  static EventRequest of(ObjectNode body) {
    ObjectNode source = object(body, "source");
    return new EventRequest(
        type(body),
        TriggerRequest.payload(body),
        JsonBody.text(body, "summary"),
        fireKey(body),
        target(body),
        source == null ? null : JsonBody.text(source, "kind"),
        source == null ? null : JsonBody.text(source, "id"),
        source == null ? null : JsonBody.text(source, "name"),
        answerWithin(object(body, "responseContract")));
  }

  private static String type(ObjectNode body) {
    String type = TriggerRequest.type(body);
    if (!PathIds.isStorable(type)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing or invalid 'type' field");
    }
    return type;
  }

  private static @Nullable String fireKey(ObjectNode body) {
    String fireId = JsonBody.text(body, "fireId");
    String key = fireId == null ? JsonBody.text(body, "idempotencyKey") : fireId;
    if (key == null || key.isEmpty()) {
      return null;
    }
    if (key.length() > LONGEST_KEY || !PathIds.isStorable(key)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid 'fireId'");
    }
    return key;
  }

  private static @Nullable Direct target(ObjectNode body) {
    JsonNode sent = body.get("target");
    if (sent == null || sent.isNull()) {
      return null;
    }
    String sessionId = sent.path("sessionId").textValue();
    if (sessionId == null || sessionId.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing or invalid 'target.sessionId'");
    }
    return new Direct(
        sessionId,
        DeliverAs.of(sent.get("deliverAs"), DeliverAs.STEER),
        sent.path("wake").isBoolean() && sent.path("wake").booleanValue());
  }

  private static @Nullable Duration answerWithin(@Nullable ObjectNode contract) {
    if (contract == null) {
      return null;
    }
    JsonNode millis = contract.path("ttlMs");
    if (!millis.isNumber() || millis.asLong() < 1) {
      return ANSWER_WITHIN;
    }
    return Duration.ofMillis(Math.min(millis.asLong(), LONGEST_ANSWER.toMillis()));
  }

  private static @Nullable ObjectNode object(ObjectNode body, String member) {
    return body.get(member) instanceof ObjectNode object ? object : null;
  }
}
