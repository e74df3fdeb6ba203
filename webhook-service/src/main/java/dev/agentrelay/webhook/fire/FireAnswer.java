package dev.agentrelay.webhook.fire;

import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/** What came of a request, as HTTP. */
final class FireAnswer {
  /** Names the delivery in the ledger. */
  static final String DELIVERY = "X-Webhook-Delivery-Id";

  /** Says that the answer is that of an earlier request. */
  static final String REPEATED = "Idempotent-Replayed";

  private static final int UNAVAILABLE = 503;
  private static final int COME_BACK_SECONDS = 2;

  private FireAnswer() {}

  static Response of(Fired fired) {
    Response.ResponseBuilder answer =
        Response.status(fired.answer().status())
            .type(ErrorAnswer.JSON)
            .entity(fired.answer().body());
    if (fired.delivery() != null) {
      answer.header(DELIVERY, fired.delivery());
    }
    if (fired.repeated()) {
      answer.header(REPEATED, true);
    }
    if (fired.answer().status() == UNAVAILABLE) {
      answer.header(HttpHeaders.RETRY_AFTER, COME_BACK_SECONDS);
    }
    return answer.build();
  }
}
