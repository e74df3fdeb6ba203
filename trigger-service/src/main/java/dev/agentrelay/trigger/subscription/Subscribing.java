package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.catalog.Catalogue;
import dev.agentrelay.trigger.catalog.Catalogues;
import dev.agentrelay.trigger.catalog.TriggerDefinition;
import dev.agentrelay.trigger.change.Stored;
import dev.agentrelay.trigger.filter.Filters;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes and changes subscriptions, checked against what the session's runner offers (rest.md 5.5).
 */
@ApplicationScoped
public class Subscribing {
  private final LiveState live;
  private final Catalogues catalogues;
  private final Subscriptions subscriptions;

  Subscribing(LiveState live, Catalogues catalogues, Subscriptions subscriptions) {
    this.live = live;
    this.catalogues = catalogues;
    this.subscriptions = subscriptions;
  }

  /**
   * Subscribes a live session to the type that a member of the body names; the steps and their
   * order are those of T6.
   *
   * @param typeMember the member that names the type
   * @throws RelayException 400, 422 or 503
   */
  public SubscriptionRow subscribe(
      LiveSession session, ObjectNode body, String typeMember, @Nullable String deliverAs) {
    String named = JsonBody.text(body, typeMember);
    if (named == null || named.isEmpty()) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Missing or invalid '" + typeMember + "' field");
    }
    String type = named.strip();
    RunnerId runner = session.runnerId();
    if (runner == null) {
      throw new RelayException(ErrorCode.UNPROCESSABLE, "Session has no associated runner");
    }
    TriggerDefinition definition = offered(session, runner, type);
    JsonNode params = body.get("params");
    ScheduleParams.check(type, params);
    Wish wish =
        new Wish(
            SubscriptionParams.create(definition, params),
            SubscriptionFilters.check(definition, body.get("filters"), true),
            Filters.Mode.of(JsonBody.text(body, "filterMode")));
    return Stored.orTryAgain(
        "Failed to store trigger subscription",
        () ->
            subscriptions.add(
                session.userId(), session.sessionId(), runner, type, wish, deliverAs));
  }

  /**
   * What a body asks for in place of what a subscription asked for before; parts that are absent
   * are cleared (T7).
   *
   * @param runner whose definitions count; without them nothing is coerced
   * @throws RelayException 400
   */
  public Wish replacement(@Nullable RunnerId runner, String type, ObjectNode body) {
    JsonNode params = body.get("params");
    ScheduleParams.check(type, params);
    TriggerDefinition definition =
        Optional.ofNullable(runner)
            .flatMap(live::runner)
            .flatMap(catalogues::of)
            .flatMap(catalogue -> catalogue.definition(type))
            .orElse(null);
    return new Wish(
        SubscriptionParams.replace(definition, params),
        SubscriptionFilters.check(definition, body.get("filters"), false),
        Filters.Mode.of(JsonBody.text(body, "filterMode")));
  }

  private TriggerDefinition offered(LiveSession session, RunnerId runner, String type) {
    Catalogue catalogue =
        live.runner(runner)
            .flatMap(catalogues::of)
            .orElseThrow(
                () ->
                    RelayException.unavailable(
                        "Runner service catalog is temporarily unavailable — the runner may be"
                            + " restarting. Retry in a moment."));
    TriggerDefinition definition =
        catalogue
            .definition(type)
            .filter(found -> PathIds.isStorable(type))
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.UNPROCESSABLE,
                        "Trigger type '%s' is not available on this session's runner"
                            .formatted(type)));
    if (!catalogue.allows(definition, session.cwd())) {
      throw new RelayException(
          ErrorCode.UNPROCESSABLE,
          ("Trigger type '%s' is scoped to session mode(s) [%s] — this session's working directory"
                  + " is not inside a matching mode workspace")
              .formatted(type, String.join(", ", definition.modes())));
    }
    return definition;
  }
}
