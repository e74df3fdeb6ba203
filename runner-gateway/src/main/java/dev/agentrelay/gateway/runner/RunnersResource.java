package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** {@code GET /api/runners}: the caller's runners (rest.md 4.1). */
@Path("/api/runners")
public class RunnersResource {
  private final RunnerRecords records;
  private final Replica replicas;
  private final CurrentCaller caller;

  RunnersResource(RunnerRecords records, Replica replicas, CurrentCaller caller) {
    this.records = records;
    this.replicas = replicas;
    this.caller = caller;
  }

  /** A bare array; each runner has the members of RunnerInfo and those of the reference. */
  @GET
  @CallerRequired
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<byte[]> list() {
    return UniHelper.toUni(
        records
            .ofUser(caller.userId())
            .compose(found -> Future.join(found.stream().map(this::item).toList()))
            .map(items -> JsonValues.array(items.<RawJson>list()).toByteArray()));
  }

  private Future<RawJson> item(RunnerRecord runner) {
    List<RawJson> sessions = runner.sessionIds().stream().map(JsonValues::of).toList();
    return replicas
        .addressOf(runner.replica())
        .map(
            address -> {
              RawObject item =
                  RawObject.empty().put("id", runner.id().value()).putAll(runner.toInfo());
              return item.put("connected", address.isPresent())
                  .put("sessions", JsonValues.array(sessions))
                  .toJson();
            });
  }
}
