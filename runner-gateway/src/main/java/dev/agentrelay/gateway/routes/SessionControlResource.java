package dev.agentrelay.gateway.routes;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.preferences.PreferenceDirectory;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a live session is told over REST, {@code X23} to {@code X26} of rest.md 7.3. */
@Path("/api/sessions/{sessionId}")
@CallerRequired
@Produces(MediaType.APPLICATION_JSON)
public class SessionControlResource {
  private static final List<String> LEVELS =
      List.of("off", "minimal", "low", "medium", "high", "xhigh", "max");

  private final LiveStateReader reader;
  private final WorkerLine workers;
  private final RunnerRecords runners;
  private final PreferenceDirectory preferences;
  private final CurrentCaller caller;

  SessionControlResource(
      LiveStateReader reader,
      WorkerLine workers,
      RunnerRecords runners,
      PreferenceDirectory preferences,
      CurrentCaller caller) {
    this.reader = reader;
    this.workers = workers;
    this.runners = runners;
    this.preferences = preferences;
    this.caller = caller;
  }

  /** What the worker is sent, and what the caller is answered. */
  private record Order(String event, RawObject payload, RawObject answer) {}

  @POST
  @Path("model")
  public Uni<byte[]> model(@PathParam("sessionId") String sessionId, byte @Nullable [] body) {
    return give(
        sessionId,
        session -> {
          RawObject request = RequestBody.required(body);
          String provider = request.trimmedText("provider");
          String model = request.trimmedText("modelId");
          if (provider == null || model == null) {
            throw RequestBody.invalid("Missing 'provider' or 'modelId'");
          }
          return UniHelper.toFuture(preferences.of(session.userId()))
              .map(
                  preferred -> {
                    if (preferred.hides(provider, model)) {
                      throw new RelayException(ErrorCode.FORBIDDEN, "Model not available");
                    }
                    RawObject choice =
                        RawObject.empty().put("provider", provider).put("modelId", model);
                    return new Order("model_set", choice, done().putAll(choice));
                  });
        });
  }

  @POST
  @Path("abort")
  public Uni<byte[]> abort(@PathParam("sessionId") String sessionId) {
    return give(
        sessionId,
        session -> Future.succeededFuture(new Order("exec", exec("abort_", "abort"), done())));
  }

  @POST
  @Path("thinking")
  public Uni<byte[]> thinking(@PathParam("sessionId") String sessionId, byte @Nullable [] body) {
    return give(
        sessionId,
        session -> {
          String level = RequestBody.required(body).trimmedText("level");
          if (level == null || !LEVELS.contains(level)) {
            throw RequestBody.invalid(
                "Invalid 'level' — expected one of: " + String.join(", ", LEVELS));
          }
          RawObject exec = exec("think_", "set_thinking_level").put("level", level);
          return Future.succeededFuture(new Order("exec", exec, done().put("level", level)));
        });
  }

  /** What can stand in the session's texts, as its runner announced it. */
  @GET
  @Path("available-sigils")
  public Uni<byte[]> sigils(@PathParam("sessionId") String sessionId) {
    return UniHelper.toUni(
        mine(sessionId, "Session not found")
            .compose(
                session ->
                    session.runnerId() == null
                        ? Future.succeededFuture(Optional.<RunnerRecord>empty())
                        : runners.find(session.runnerId()))
            .map(SessionControlResource::sigils));
  }

  private static byte[] sigils(Optional<RunnerRecord> runner) {
    RawObject announce = runner.map(RunnerRecord::announce).orElse(null);
    RawJson sigils = announce == null ? null : announce.get("sigilDefs");
    return RawObject.empty()
        .put("sigilDefs", JsonValues.elements(sigils) == null ? EmptyLists.EMPTY : sigils)
        .toJson()
        .toByteArray();
  }

  private Uni<byte[]> give(String sessionId, Function<LiveSession, Future<Order>> read) {
    return UniHelper.toUni(
        mine(sessionId, "Session not found or not connected")
            .compose(
                session -> {
                  if (!session.collab()) {
                    throw new RelayException(ErrorCode.CONFLICT, "Session is not in collab mode");
                  }
                  return read.apply(session).compose(order -> tell(session.sessionId(), order));
                }));
  }

  private Future<byte[]> tell(SessionId session, Order order) {
    return workers
        .emit(session, order.event(), order.payload().toJson())
        .map(
            reply -> {
              if (!reply.isDone()) {
                throw new RelayException(
                    ErrorCode.UNAVAILABLE, "Session is registered but not currently connected");
              }
              return order.answer().toJson().toByteArray();
            });
  }

  /** A session of somebody else is as unknown as one that does not exist. */
  private Future<LiveSession> mine(String sessionId, String otherwise) {
    UserId user = caller.userId();
    Future<Optional<LiveSession>> found =
        sessionId.isBlank()
            ? Future.succeededFuture(Optional.empty())
            : UniHelper.toFuture(reader.session(new SessionId(sessionId)));
    return found.map(
        session ->
            session
                .filter(live -> live.userId().equals(user))
                .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, otherwise)));
  }

  private static RawObject done() {
    return RawObject.empty().put("ok", true);
  }

  private static RawObject exec(String prefix, String command) {
    String id = prefix + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    return RawObject.empty().put("type", "exec").put("id", id).put("command", command);
  }
}
