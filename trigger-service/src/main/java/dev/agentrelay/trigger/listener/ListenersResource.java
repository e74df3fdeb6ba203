package dev.agentrelay.trigger.listener;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveRunner;
import dev.agentrelay.platform.preferences.HiddenModels;
import dev.agentrelay.trigger.catalog.Catalogue;
import dev.agentrelay.trigger.catalog.Catalogues;
import dev.agentrelay.trigger.change.Stored;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** R22 to R26 of rest.md 4.9. */
@Path("/api/runners/{runnerId}")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class ListenersResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final LiveState live;
  private final Catalogues catalogues;
  private final Listeners listeners;
  private final HiddenModels hiddenModels;

  ListenersResource(
      CurrentCaller caller,
      JsonBody json,
      LiveState live,
      Catalogues catalogues,
      Listeners listeners,
      HiddenModels hiddenModels) {
    this.caller = caller;
    this.json = json;
    this.live = live;
    this.catalogues = catalogues;
    this.listeners = listeners;
    this.hiddenModels = hiddenModels;
  }

  @GET
  @Path("/triggers")
  public ObjectNode triggers(@PathParam("runnerId") String runnerId) {
    LiveRunner runner = runner(runnerId);
    ObjectNode answer = StoredJson.object();
    ArrayNode definitions = answer.putArray("triggerDefs");
    catalogues
        .of(runner)
        .ifPresent(
            catalogue -> catalogue.definitions().forEach(each -> definitions.add(each.json())));
    putListeners(answer, runner);
    return answer;
  }

  @GET
  @Path("/trigger-listeners")
  public ObjectNode list(@PathParam("runnerId") String runnerId) {
    LiveRunner runner = runner(runnerId);
    ObjectNode answer = StoredJson.object();
    putListeners(answer, runner);
    return answer;
  }

  @POST
  @Path("/trigger-listeners")
  public ObjectNode add(@PathParam("runnerId") String runnerId, @Nullable String text) {
    LiveRunner runner = runner(runnerId);
    ObjectNode body = json.orAnythingEmpty(text);
    String type = Optional.ofNullable(JsonBody.text(body, "triggerType")).orElse("").strip();
    if (type.isEmpty() || !PathIds.isStorable(type)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing triggerType");
    }
    ListenerSettings settings = ListenerSettings.of(body);
    hiddenModels.refuseHidden(caller.userId(), settings.model());
    requireMode(runner, type, settings.cwd(), "set the listener's cwd");
    return answer(
        Stored.orTryAgain(
            "Failed to create trigger listener",
            () -> listeners.add(runner.runnerId(), caller.userId(), type, settings)));
  }

  @PUT
  @Path("/trigger-listeners/{target}")
  public ObjectNode change(
      @PathParam("runnerId") String runnerId,
      @PathParam("target") String target,
      @Nullable String text) {
    LiveRunner runner = runner(runnerId);
    ObjectNode body = json.require(text);
    ListenerSettings settings = ListenerSettings.of(body);
    hiddenModels.refuseHidden(caller.userId(), settings.model());
    Optional<ListenerRow> found = find(runner, target, JsonBody.text(body, "listenerId"));
    if (found.isPresent() && settings.cwd() != null) {
      requireMode(runner, found.get().triggerType(), settings.cwd(), "set cwd");
    }
    return answer(
        found
            .flatMap(row -> listeners.change(row, settings))
            .orElseThrow(
                () ->
                    new RelayException(
                        ErrorCode.NOT_FOUND, "No listener for target '" + target + "'")));
  }

  @DELETE
  @Path("/trigger-listeners/{target}")
  public ObjectNode remove(
      @PathParam("runnerId") String runnerId, @PathParam("target") String target) {
    LiveRunner runner = runner(runnerId);
    Optional<ListenerRow> named = byId(runner, target);
    List<ListenerRow> rows = named.map(List::of).orElseGet(() -> byType(runner, target));
    int removed = 0;
    for (ListenerRow row : rows) {
      removed += listeners.remove(row) ? 1 : 0;
    }
    ObjectNode answer = StoredJson.object().put("ok", true);
    if (rows.size() == 1) {
      answer.put("listenerId", rows.getFirst().id().value());
    }
    answer.put("triggerType", rows.isEmpty() ? target : rows.getFirst().triggerType());
    return answer.put("removed", removed);
  }

  private LiveRunner runner(String runnerId) {
    return live.requireRunner(PathIds.runner(runnerId), caller.userId());
  }

  /**
   * By its own id, else by type: the one the body names, and if it names none the one changed last.
   */
  private Optional<ListenerRow> find(LiveRunner runner, String target, @Nullable String named) {
    Optional<ListenerRow> itself = byId(runner, target);
    if (itself.isPresent()) {
      return itself;
    }
    List<ListenerRow> ofType = byType(runner, target);
    return named == null || named.isBlank()
        ? ofType.stream().max(Comparator.comparing(row -> row.updatedAt))
        : ofType.stream().filter(row -> row.id().value().equals(named)).findFirst();
  }

  private Optional<ListenerRow> byId(LiveRunner runner, String id) {
    return PathIds.isStorable(id)
        ? listeners
            .find(new ListenerId(id), caller.userId())
            .filter(row -> row.runnerId().equals(runner.runnerId()))
        : Optional.empty();
  }

  private List<ListenerRow> byType(LiveRunner runner, String type) {
    return PathIds.isStorable(type)
        ? listeners.of(runner.runnerId(), caller.userId(), type)
        : List.of();
  }

  private void requireMode(LiveRunner runner, String type, @Nullable String cwd, String advice) {
    catalogues.of(runner).ifPresent(catalogue -> requireMode(catalogue, type, cwd, advice));
  }

  private static void requireMode(
      Catalogue catalogue, String type, @Nullable String cwd, String advice) {
    catalogue
        .definition(type)
        .filter(definition -> !catalogue.allows(definition, cwd))
        .ifPresent(
            definition -> {
              throw new RelayException(
                  ErrorCode.UNPROCESSABLE,
                  "Trigger type '%s' is scoped to session mode(s) [%s] — %s inside a matching mode workspace"
                      .formatted(type, String.join(", ", definition.modes()), advice));
            });
  }

  private void putListeners(ObjectNode answer, LiveRunner runner) {
    ArrayNode list = answer.putArray("listeners");
    RunnerId id = runner.runnerId();
    listeners.of(id, caller.userId()).forEach(row -> list.add(row.toInfo()));
  }

  private static ObjectNode answer(ListenerRow row) {
    ObjectNode answer = StoredJson.object().put("ok", true);
    answer.put("listenerId", row.id().value());
    answer.put("triggerType", row.triggerType());
    answer.set("listener", row.toInfo());
    return answer;
  }
}
