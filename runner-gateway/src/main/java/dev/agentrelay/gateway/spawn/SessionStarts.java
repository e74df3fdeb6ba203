package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.Spawn;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.RawObject;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Asks a runner, wherever it is connected, for a session, and links the two (sockets.md 4.2). */
@Singleton
public class SessionStarts {
  private final RunnerLine line;
  private final SessionLinks links;

  SessionStarts(RunnerLine line, SessionLinks links) {
    this.line = line;
    this.links = links;
  }

  /**
   * Sends {@code new_session}; the reply is the runner's word, or {@link Reply#NO_ANSWER} when it
   * gave none in time and the session may be starting all the same.
   */
  public Future<Reply> start(
      UserId user, RunnerId runner, SessionId session, RawObject newSession, Duration wait) {
    return line.ask(runner, new Spawn(runner, session, wait.toMillis()), newSession.toJson(), wait)
        .compose(
            reply ->
                reply.outcome() == Outcome.NO_ANSWER
                    ? links.link(session, user, runner).map(linked -> reply)
                    : Future.succeededFuture(reply));
  }
}
