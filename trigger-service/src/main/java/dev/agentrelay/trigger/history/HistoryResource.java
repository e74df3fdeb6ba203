package dev.agentrelay.trigger.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.GatewayCommand.TellViewers;
import dev.agentrelay.contracts.GatewayCommand.ViewerEvent;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.command.GatewayCommands;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.catalog.Catalogue;
import dev.agentrelay.trigger.catalog.Catalogues;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** T2 to T4 of rest.md 5.4. */
@Path("/api/sessions/{sessionId}")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class HistoryResource {
  private static final Logger LOG = Logger.getLogger(HistoryResource.class);
  private static final int PAGE = 50;
  private static final Duration TELL_WITHIN = Duration.ofSeconds(5);
  private static final JsonText CLEARED = new JsonText("{\"cleared\":true}");

  private final CurrentCaller caller;
  private final LiveState live;
  private final History history;
  private final Catalogues catalogues;
  private final GatewayCommands gateways;

  HistoryResource(
      CurrentCaller caller,
      LiveState live,
      History history,
      Catalogues catalogues,
      GatewayCommands gateways) {
    this.caller = caller;
    this.live = live;
    this.history = history;
    this.catalogues = catalogues;
    this.gateways = gateways;
  }

  /**
   * @param state {@code all} shows also what did not reach the worker
   */
  @GET
  @Path("/triggers")
  public ObjectNode list(
      @PathParam("sessionId") String sessionId,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("state") @Nullable String state) {
    SessionId session = session(sessionId).sessionId();
    ObjectNode answer = StoredJson.object();
    answer.set("triggers", history.newest(session, pageSize(limit), "all".equals(state)));
    return answer;
  }

  @DELETE
  @Path("/triggers")
  public ObjectNode clear(@PathParam("sessionId") String sessionId) {
    SessionId session = session(sessionId).sessionId();
    history.clear(session);
    gateways
        .send(
            new CommandId("cleared_" + UUID.randomUUID()),
            caller.userId(),
            new TellViewers(session, ViewerEvent.TRIGGER_DELIVERED, CLEARED),
            TELL_WITHIN)
        .subscribe()
        .with(
            told -> {}, failure -> LOG.debugf("viewers of %s were not told: %s", session, failure));
    return StoredJson.object().put("ok", true);
  }

  @GET
  @Path("/available-triggers")
  public ObjectNode available(@PathParam("sessionId") String sessionId) {
    LiveSession session = session(sessionId);
    ObjectNode answer = StoredJson.object();
    ArrayNode definitions = answer.putArray("triggerDefs");
    Optional<Catalogue> catalogue =
        Optional.ofNullable(session.runnerId()).flatMap(live::runner).flatMap(catalogues::of);
    catalogue.ifPresent(
        found ->
            found.definitions().stream()
                .filter(definition -> found.allows(definition, session.cwd()))
                .forEach(definition -> definitions.add(definition.json())));
    return answer;
  }

  private LiveSession session(String sessionId) {
    return live.requireSession(PathIds.session(sessionId), caller.userId());
  }

  private static int pageSize(@Nullable String limit) {
    try {
      int wanted = limit == null ? PAGE : Integer.parseInt(limit);
      return wanted < 1 ? PAGE : Math.min(wanted, History.MOST);
    } catch (NumberFormatException nonsense) {
      return PAGE;
    }
  }
}
