package dev.agentrelay.webhook.delivery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorBody;
import jakarta.enterprise.context.ApplicationScoped;

/** What senders are told (rest.md 6.2). */
@ApplicationScoped
public class Answers {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;

  private final ObjectMapper json;

  Answers(ObjectMapper json) {
    this.json = json;
  }

  /** A session has it. */
  public Answer delivered(Delivery delivery) {
    ObjectNode body = ok();
    body.put("triggerId", delivery.triggerId());
    body.put("sessionId", delivery.sessionId().value());
    return new Answer(OK, body.toString());
  }

  /** The webhook's filter did not want it. */
  public Answer filtered() {
    return new Answer(OK, ok().put("filtered", true).toString());
  }

  /** It waits for its runner. */
  public Answer queued(DeliveryId id) {
    return new Answer(ACCEPTED, ok().put("queued", true).put("deliveryId", id.value()).toString());
  }

  /** A convention's question whether somebody is here. */
  public Answer challenge(String challenge) {
    return new Answer(OK, json.createObjectNode().put("challenge", challenge).toString());
  }

  public Answer error(ErrorCode code, String text) {
    return new Answer(code.status(), json.valueToTree(new ErrorBody(text, code.code())).toString());
  }

  private ObjectNode ok() {
    return json.createObjectNode().put("ok", true);
  }
}
