package dev.agentrelay.trigger.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.GatewayCommand.AnswerTrigger;
import dev.agentrelay.contracts.GatewayCommand.TellViewers;
import dev.agentrelay.contracts.GatewayCommand.ViewerEvent;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.trigger.TriggerConfig;
import dev.agentrelay.trigger.history.History;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.live.PathIds;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/deliveries/{id}/response}: an agent's answer goes back to who asked. */
@Path("/api/deliveries/{deliveryId}/response")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class ResponseResource {
  private static final Logger LOG = Logger.getLogger(ResponseResource.class);

  private final CurrentCaller caller;
  private final JsonBody json;
  private final Events events;
  private final History history;
  private final GatewayCommands gateways;
  private final TriggerConfig config;
  private final SharedClock clock;

  ResponseResource(
      CurrentCaller caller,
      JsonBody json,
      Events events,
      History history,
      GatewayCommands gateways,
      TriggerConfig config,
      SharedClock clock) {
    this.caller = caller;
    this.json = json;
    this.events = events;
    this.history = history;
    this.gateways = gateways;
    this.config = config;
    this.clock = clock;
  }

  /** Answered once: a second answer is accepted and goes nowhere. */
  @POST
  public ObjectNode respond(@PathParam("deliveryId") String deliveryId, @Nullable String text) {
    ObjectNode body = json.require(text);
    String response = JsonBody.text(body, "response");
    if (response == null) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing or invalid 'response' field");
    }
    String action = JsonBody.text(body, "action");
    DeliveryRow delivery =
        Optional.of(deliveryId)
            .filter(PathIds::isStorable)
            .flatMap(id -> events.delivery(caller.userId(), id))
            .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Delivery not found"));
    boolean relayed = delivery.response == null && relay(delivery, response, action);
    boolean first = keep(delivery, response, action);
    return StoredJson.object().put("ok", true).put("relayed", relayed && first);
  }

  /**
   * @throws RelayException 503 when who asked is away for a moment
   */
  private boolean relay(DeliveryRow delivery, String response, @Nullable String action) {
    String asker = delivery.replySessionId;
    String triggerId = delivery.replyTriggerId;
    Instant until = delivery.replyUntil;
    if (asker == null || triggerId == null || until == null || until.isBefore(clock.instant())) {
      return false;
    }
    CommandAnswer answer =
        gateways
            .send(
                new CommandId(delivery.deliveryId + ":answer:" + delivery.replyAttempt),
                caller.userId(),
                new AnswerTrigger(new SessionId(asker), triggerId, response, action),
                config.delivery().answerWithin())
            .await()
            .indefinitely();
    return switch (answer.outcome()) {
      case ACKNOWLEDGED, DELIVERED -> true;
      case UNKNOWN, FORBIDDEN, REFUSED -> false;
      case WAKING, ABSENT, EXPIRED -> {
        events.endReplyAttempt(delivery);
        throw askerAway();
      }
      case FAILED -> throw askerAway();
    };
  }

  private static RelayException askerAway() {
    return RelayException.unavailable("The asking session is not connected");
  }

  /** Whether it is the first answer. */
  private boolean keep(DeliveryRow delivery, String response, @Nullable String action) {
    ObjectNode kept = StoredJson.object().put("text", response);
    if (action != null) {
      kept.put("action", action);
    }
    SessionId session = delivery.session();
    boolean first = events.answer(delivery, kept);
    if (first && session != null) {
      history.answer(session, delivery.deliveryId, action, response, clock.instant());
      tellViewers(caller.userId(), session, delivery.deliveryId);
    }
    return first;
  }

  private void tellViewers(UserId user, SessionId session, String deliveryId) {
    JsonText payload =
        new JsonText(StoredJson.text(StoredJson.object().put("triggerId", deliveryId)));
    GatewayCommand command = new TellViewers(session, ViewerEvent.TRIGGER_DELIVERED, payload);
    gateways
        .send(
            new CommandId(deliveryId + ":answered"),
            user,
            command,
            config.delivery().answerWithin())
        .subscribe()
        .with(
            told -> {}, failure -> LOG.debugf("viewers of %s were not told: %s", session, failure));
  }
}
