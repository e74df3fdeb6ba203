package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.Spawn;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.folders.RecentFolders;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.Registration;
import dev.agentrelay.gateway.session.SessionRegistrar;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Has a runner start a session, whichever replica holds the runner (sockets.md 4.2). */
@Singleton
class Spawns {
  private final RunnerRecords runners;
  private final RunnerLine line;
  private final SessionLinks links;
  private final SessionRegistrar sessions;
  private final LiveStateReader reader;
  private final RecentFolders folders;
  private final GatewayConfig config;

  Spawns(
      RunnerRecords runners,
      RunnerLine line,
      SessionLinks links,
      SessionRegistrar sessions,
      LiveStateReader reader,
      RecentFolders folders,
      GatewayConfig config) {
    this.runners = runners;
    this.line = line;
    this.links = links;
    this.sessions = sessions;
    this.reader = reader;
    this.folders = folders;
    this.config = config;
  }

  /** The answer's body; fails with the contract's refusals. */
  Future<RawObject> spawn(Caller caller, SpawnRequest request) {
    SessionId session = Registration.freshId();
    return runners
        .find(request.runner())
        .map(found -> admitted(caller, request, found))
        .compose(runner -> acceptedParent(caller, request.parent()))
        .compose(
            parent ->
                line.ask(
                        request.runner(),
                        new Spawn(request.runner(), session, config.spawnWait().toMillis()),
                        request.toNewSession(session, parent.orElse(null)).toJson(),
                        config.spawnWait())
                    .compose(reply -> started(caller, request, session, reply))
                    .onSuccess(answer -> recordFolder(caller, request, parent.isPresent())));
  }

  private void recordFolder(Caller caller, SpawnRequest request, boolean isChild) {
    if (request.cwd() != null && !isChild) {
      folders.record(caller.userId(), request.runner(), request.cwd());
    }
  }

  private static RunnerRecord admitted(
      Caller caller, SpawnRequest request, Optional<RunnerRecord> found) {
    RunnerRecord runner =
        found.orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Runner not found"));
    if (!runner.user().equals(caller.userId())) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    if (request.cwd() != null && !RootsGate.admits(runner.roots(), request.cwd())) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Runner cannot access cwd: " + request.cwd());
    }
    return runner;
  }

  /** The parent, if it is live and the caller's; any other is silently left out. */
  private Future<Optional<SessionId>> acceptedParent(Caller caller, @Nullable SessionId parent) {
    if (parent == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return UniHelper.toFuture(reader.session(parent))
        .map(
            live ->
                live.filter(found -> found.userId().equals(caller.userId())).map(found -> parent));
  }

  private Future<RawObject> started(
      Caller caller, SpawnRequest request, SessionId session, Reply reply) {
    return switch (reply.outcome()) {
      case ABSENT ->
          Future.failedFuture(
              new RelayException(
                  ErrorCode.RUNNER_UNREACHABLE, "Runner is not connected to this server"));
      case REFUSED ->
          Future.failedFuture(
              new RelayException(ErrorCode.INVALID_REQUEST, refusal(reply.value())));
      case DONE -> Future.succeededFuture(answer(request, session, false));
      case NO_ANSWER ->
          links
              .link(session, caller.userId(), request.runner())
              .map(linked -> answer(request, session, true));
    };
  }

  private RawObject answer(SpawnRequest request, SessionId session, boolean pending) {
    return RawObject.empty()
        .put("ok", true)
        .put("runnerId", request.runner().value())
        .put("sessionId", session.value())
        .put("shareUrl", sessions.shareUrl(session))
        .put("pending", pending);
  }

  private static String refusal(@Nullable RawJson value) {
    String text = JsonValues.text(value);
    return text == null ? "Failed to send spawn request to runner" : text;
  }
}
