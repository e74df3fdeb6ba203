package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerGate;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.spawn.RootsGate;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/runners/terminal}: registers a terminal, whose shell starts with its first
 * viewer (rest.md 4.4).
 */
@Path("/api/runners/terminal")
public class TerminalResource {
  private static final long DEFAULT_COLS = 80;
  private static final long DEFAULT_ROWS = 24;

  private final RunnerGate gate;
  private final TerminalRecords records;

  TerminalResource(RunnerGate gate, TerminalRecords records) {
    this.gate = gate;
    this.records = records;
  }

  /** A body that is no JSON object counts as an empty one. */
  @POST
  @CallerRequired
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<byte[]> register(byte @Nullable [] body) {
    RawObject parsed = RawObject.ofBody(body);
    RawObject request = parsed == null ? RawObject.empty() : parsed;
    String runnerId = request.text("runnerId");
    if (runnerId == null || runnerId.isEmpty()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing runnerId");
    }
    return UniHelper.toUni(
        gate.admit(runnerId)
            .compose(runner -> register(runner, request))
            .map(answer -> answer.toJson().toByteArray()));
  }

  private Future<RawObject> register(RunnerRecord runner, RawObject request) {
    String cwd = request.text("cwd");
    if (cwd != null && cwd.isEmpty()) {
      cwd = null;
    }
    if (cwd != null && !RootsGate.admits(runner.roots(), cwd)) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Runner cannot access cwd: " + cwd);
    }
    TerminalId id = new TerminalId(UUID.randomUUID().toString());
    TerminalRecord terminal =
        new TerminalRecord(
            id,
            runner.id(),
            runner.user(),
            cwd,
            positive(request.number("cols"), DEFAULT_COLS),
            positive(request.number("rows"), DEFAULT_ROWS),
            false);
    return records
        .register(terminal)
        .map(
            stored ->
                RawObject.empty()
                    .put("ok", true)
                    .put("terminalId", id.value())
                    .put("runnerId", runner.id().value()));
  }

  private static long positive(@Nullable Long asked, long otherwise) {
    return asked != null && asked > 0 ? asked : otherwise;
  }
}
