package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.trigger.json.StoredJson;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Optional;

/**
 * What callers are answered when a trigger was not delivered (rest.md 5.3). To them 404 means that
 * the session is gone for good, and whatever else that a retry can help.
 */
public final class Outcomes {
  private static final Duration WORKER_IS_BACK = Duration.ofSeconds(2);

  private Outcomes() {}

  /** The answer to a delivery that failed; empty for one that did not. */
  public static Optional<Response> failure(CommandAnswer answer, Target target) {
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, DELIVERED -> Optional.empty();
      case WAKING -> Optional.of(waking());
      case ABSENT, UNKNOWN -> {
        if (target.wakeRefused() || answer.outcome() == CommandAnswer.Outcome.UNKNOWN) {
          throw Targets.gone();
        }
        throw new RelayException(
            ErrorCode.UNAVAILABLE,
            "Session is registered but not currently connected",
            WORKER_IS_BACK);
      }
      case FORBIDDEN -> throw Targets.gone();
      case REFUSED ->
          throw new RelayException(
              ErrorCode.RUNNER_UNREACHABLE, "Failed to deliver trigger to session");
      case EXPIRED, FAILED -> Optional.of(ErrorAnswer.unavailable());
    };
  }

  /** No session could be started for a listener. */
  public static RelayException spawnFailed() {
    return new RelayException(
        ErrorCode.UNAVAILABLE, "Failed to spawn listener session — retry delivery", WORKER_IS_BACK);
  }

  private static Response waking() {
    ObjectNode body =
        StoredJson.object()
            .put("error", "Session is offline — wake started, retry delivery")
            .put("code", ErrorCode.UNAVAILABLE.code())
            .put("waking", true);
    return Response.status(ErrorCode.UNAVAILABLE.status())
        .type(ErrorAnswer.JSON)
        .header(HttpHeaders.RETRY_AFTER, WORKER_IS_BACK.toSeconds())
        .entity(body)
        .build();
  }
}
