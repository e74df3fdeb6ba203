package dev.agentrelay.gateway.folders;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerGate;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code R6} and {@code R7} of rest.md 4.5. */
@Path("/api/runners/{runnerId}/recent-folders")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class RecentFoldersResource {
  private final RunnerGate gate;
  private final RecentFolders folders;

  RecentFoldersResource(RunnerGate gate, RecentFolders folders) {
    this.gate = gate;
    this.folders = folders;
  }

  @GET
  public Uni<byte[]> list(@PathParam("runnerId") String runnerId) {
    return answer(
        runnerId,
        runner ->
            folders
                .list(runner.user(), runner.id())
                .map(
                    paths ->
                        RawObject.empty()
                            .put(
                                "folders",
                                JsonValues.array(paths.stream().map(JsonValues::of).toList()))));
  }

  @DELETE
  public Uni<byte[]> delete(@PathParam("runnerId") String runnerId, byte @Nullable [] body) {
    return answer(
        runnerId,
        runner -> {
          RawObject request = RawObject.ofBody(body);
          String path = request == null ? null : request.trimmedText("path");
          if (path == null) {
            throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing path");
          }
          return folders
              .delete(runner.user(), runner.id(), path)
              .map(deleted -> RawObject.empty().put("ok", true).put("deleted", deleted));
        });
  }

  private Uni<byte[]> answer(String runnerId, Function<RunnerRecord, Future<RawObject>> action) {
    return UniHelper.toUni(
        gate.admit(runnerId).compose(action).map(answer -> answer.toJson().toByteArray()));
  }
}
