package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.folders.RecentFolders;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.quota.UserQuotas;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.Registration;
import dev.agentrelay.gateway.session.SessionRegistrar;
import dev.agentrelay.gateway.spawn.SessionStarts.Start;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Caller;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Has a runner start a session for a caller (rest.md 4.2). */
@Singleton
class Spawns {
  private final RunnerRecords runners;
  private final UserQuotas quotas;
  private final SessionStarts starts;
  private final SessionRegistrar sessions;
  private final RecentFolders folders;
  private final KeyedSpawns keyed;

  Spawns(
      RunnerRecords runners,
      UserQuotas quotas,
      SessionStarts starts,
      SessionRegistrar sessions,
      RecentFolders folders,
      KeyedSpawns keyed) {
    this.runners = runners;
    this.quotas = quotas;
    this.starts = starts;
    this.sessions = sessions;
    this.folders = folders;
    this.keyed = keyed;
  }

  /**
   * The answer's body; fails with the contract's refusals.
   *
   * @param key the same for a spawn that its caller asks for again; absent when it has none
   */
  Future<RawObject> spawn(Caller caller, Spawn wanted, @Nullable String key) {
    SessionId session = Registration.freshId();
    return key == null
        ? spawn(caller, wanted, session)
        : keyed.once(
            caller.userId(),
            key,
            answer(wanted, session, true),
            () -> spawn(caller, wanted, session));
  }

  private Future<RawObject> spawn(Caller caller, Spawn wanted, SessionId session) {
    return runners
        .require(wanted.runner())
        .compose(
            runner -> {
              admit(caller, wanted, runner);
              return quotas.requireSession(caller.userId(), null);
            })
        .compose(room -> starts.start(caller.userId(), session, wanted))
        .map(
            start -> {
              RawObject answer = answer(wanted, session, start);
              recordFolder(caller, wanted, start);
              return answer;
            });
  }

  private void recordFolder(Caller caller, Spawn wanted, Start start) {
    if (wanted.cwd() != null && !start.child()) {
      folders.record(caller.userId(), wanted.runner(), wanted.cwd());
    }
  }

  private static void admit(Caller caller, Spawn wanted, RunnerRecord runner) {
    if (!runner.user().equals(caller.userId())) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    if (wanted.cwd() != null && !RootsGate.admits(runner.roots(), wanted.cwd())) {
      throw new RelayException(
          ErrorCode.INVALID_REQUEST, "Runner cannot access cwd: " + wanted.cwd());
    }
  }

  private RawObject answer(Spawn wanted, SessionId session, Start start) {
    boolean pending =
        switch (start.reply().outcome()) {
          case ABSENT ->
              throw new RelayException(
                  ErrorCode.RUNNER_UNREACHABLE, "Runner is not connected to this server");
          case REFUSED -> throw new RelayException(ErrorCode.INVALID_REQUEST, start.refusal());
          case DONE -> false;
          case NO_ANSWER, LOST -> true;
        };
    return answer(wanted, session, pending);
  }

  private RawObject answer(Spawn wanted, SessionId session, boolean pending) {
    return RawObject.empty()
        .put("ok", true)
        .put("runnerId", wanted.runner().value())
        .put("sessionId", session.value())
        .put("shareUrl", sessions.shareUrl(session))
        .put("pending", pending);
  }
}
