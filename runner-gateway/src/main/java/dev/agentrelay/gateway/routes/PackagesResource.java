package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.request.RunnerCommand;
import dev.agentrelay.gateway.runner.RunnerGate;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** A runner's packages, {@code X14} to {@code X17} of rest.md 7.2. */
@Path("/api/runners/{runnerId}/packages")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class PackagesResource {
  private static final String ACTION = "{action:install|remove|update}";
  private static final RunnerCommand LIST = RunnerCommand.of("packages_list", 15);
  private static final RunnerCommand INSTALL = RunnerCommand.of("packages_install", 15);
  private static final RunnerCommand REMOVE = RunnerCommand.of("packages_remove", 15);
  private static final RunnerCommand UPDATE = RunnerCommand.of("packages_update", 15);

  private final RunnerRoutes routes;
  private final RunnerGate gate;

  PackagesResource(RunnerRoutes routes, RunnerGate gate) {
    this.routes = routes;
    this.gate = gate;
  }

  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return routes.pass(runnerId, LIST);
  }

  @POST
  @Path("install")
  public Uni<byte[]> install(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(runnerId, INSTALL, runner -> named(RequestBody.required(body)));
  }

  @POST
  @Path("remove")
  public Uni<byte[]> remove(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(runnerId, REMOVE, runner -> named(RequestBody.required(body)));
  }

  /** Updates one package, or all of them when none is named. */
  @POST
  @Path("update")
  public Uni<byte[]> update(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return routes.pass(
        runnerId,
        UPDATE,
        runner -> {
          RawObject request = RequestBody.required(body);
          if (request.has("source") && request.text("source") == null) {
            throw RequestBody.invalid("'source' must be a string if provided");
          }
          return RawObject.empty().putIfPresent("source", request.get("source"));
        });
  }

  private static RawObject named(RawObject request) {
    String source = request.text("source");
    if (source == null || source.isEmpty()) {
      throw RequestBody.invalid("Missing or invalid 'source'");
    }
    return RawObject.empty().put("source", source).put("local", request.isTrue("local"));
  }

  @GET
  @Path(ACTION)
  public Uni<byte[]> getAction(@PathParam("runnerId") String runnerId) {
    return refuseMethod(runnerId);
  }

  @PUT
  @Path(ACTION)
  public Uni<byte[]> putAction(@PathParam("runnerId") String runnerId) {
    return refuseMethod(runnerId);
  }

  @DELETE
  @Path(ACTION)
  public Uni<byte[]> deleteAction(@PathParam("runnerId") String runnerId) {
    return refuseMethod(runnerId);
  }

  @PUT
  public Uni<byte[]> put(@PathParam("runnerId") String runnerId) {
    return refuseMethod(runnerId);
  }

  @DELETE
  public Uni<byte[]> delete(@PathParam("runnerId") String runnerId) {
    return refuseMethod(runnerId);
  }

  private Uni<byte[]> refuseMethod(String runnerId) {
    return UniHelper.toUni(
        gate.admit(runnerId)
            .map(
                runner -> {
                  throw new RelayException(ErrorCode.METHOD_NOT_ALLOWED, "Method not allowed");
                }));
  }
}
