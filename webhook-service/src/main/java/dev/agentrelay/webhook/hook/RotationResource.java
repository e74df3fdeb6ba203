package dev.agentrelay.webhook.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.webhook.WebhookConfig;
import dev.agentrelay.webhook.WebhookId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Gives a webhook a new secret, while senders still have the old one. */
@Path("/api/webhooks/{id}/rotate-secret")
@Produces("application/json;charset=utf-8")
@CallerRequired
public class RotationResource {
  private static final Duration LONGEST = Duration.ofDays(30);

  private final CurrentCaller caller;
  private final Webhooks webhooks;
  private final WebhookView view;
  private final JsonBody json;
  private final Duration usual;

  RotationResource(
      CurrentCaller caller,
      Webhooks webhooks,
      WebhookView view,
      JsonBody json,
      WebhookConfig config) {
    this.caller = caller;
    this.webhooks = webhooks;
    this.view = view;
    this.json = json;
    this.usual = config.rotationOverlap();
  }

  /** The body may have {@code overlapSeconds}; 0 ends the old secret at once. */
  @POST
  @RunOnVirtualThread
  public ObjectNode rotate(@PathParam("id") String id, @Nullable String body) {
    WebhookId webhook = new WebhookId(id);
    return webhooks
        .find(caller.userId(), webhook)
        .flatMap(
            found -> webhooks.rotateSecret(caller.userId(), webhook, overlap(json.orEmpty(body))))
        .map(view::answer)
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Webhook not found"));
  }

  private Duration overlap(ObjectNode body) {
    JsonNode seconds = body.get("overlapSeconds");
    if (seconds == null || seconds.isNull()) {
      return usual;
    }
    if (!seconds.isIntegralNumber()
        || seconds.asLong(-1) < 0
        || seconds.asLong() > LONGEST.toSeconds()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST,
          "'overlapSeconds' must be a whole number from 0 to " + LONGEST.toSeconds());
    }
    return Duration.ofSeconds(seconds.asLong());
  }
}
