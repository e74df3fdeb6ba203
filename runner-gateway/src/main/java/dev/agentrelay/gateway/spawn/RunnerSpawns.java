package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.Spawn;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.ConnectedRunners;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerNamespace.SpawnReports;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts sessions on the runners that are connected to this replica (sockets.md 4.2). The wait for
 * the runner's word is kept where its socket is, so the word cannot come before the wait.
 */
@Startup
@Singleton
public class RunnerSpawns implements SpawnReports {
  private static final Logger LOG = Logger.getLogger(RunnerSpawns.class);
  private static final int MAX_WAITING = 1_000;

  private final ConnectedRunners runners;
  private final SessionLinks links;
  private final Vertx vertx;
  private final Map<SessionId, Waiting> waiting = new ConcurrentHashMap<>();

  /** Somebody who waits for the word of one runner; no other runner's word counts. */
  private record Waiting(RunnerId runner, Promise<Reply> promise) {}

  RunnerSpawns(
      ConnectedRunners runners,
      SessionLinks links,
      ReplicaMail mail,
      Vertx vertx,
      RelayMetrics metrics) {
    this.runners = runners;
    this.links = links;
    this.vertx = vertx;
    mail.answer(Spawn.class, this::spawn);
    metrics.bound(Bound.SPAWNS, waiting::size, MAX_WAITING);
  }

  private Future<Reply> spawn(Spawn question, @Nullable RawJson payload) {
    RunnerConnection runner = runners.find(question.runner());
    if (runner == null || !runner.socket().isConnected() || payload == null) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    if (waiting.size() >= MAX_WAITING) {
      // whoever asks tries again later, as with a runner that is away
      return Future.succeededFuture(Reply.ABSENT);
    }
    Promise<Reply> promise = Promise.promise();
    Waiting waiter = new Waiting(question.runner(), promise);
    waiting.put(question.session(), waiter);
    long timer =
        vertx.setTimer(question.waitMillis(), tick -> promise.tryComplete(Reply.NO_ANSWER));
    runner.socket().emit("new_session", payload);
    return promise
        .future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              waiting.remove(question.session(), waiter);
            });
  }

  @Override
  public void ready(RunnerConnection runner, RawObject payload) {
    String id = payload.trimmedText("sessionId");
    if (id == null) {
      return;
    }
    SessionId session = new SessionId(id);
    links
        .link(session, runner.owner().userId(), runner.id())
        .onSuccess(
            linked -> {
              if (linked) {
                release(runner, session, Reply.DONE);
              } else {
                LOG.warnf(
                    "Runner %s claims session %s, which is not its own", runner.id(), session);
              }
            })
        .onFailure(
            failure ->
                LOG.warnf(
                    "Session %s was not linked to runner %s: %s",
                    session, runner.id(), failure.getMessage()));
  }

  @Override
  public void failed(RunnerConnection runner, RawObject payload) {
    String id = payload.trimmedText("sessionId");
    String message = payload.text("message");
    if (id != null) {
      release(
          runner,
          new SessionId(id),
          new Reply(
              Outcome.REFUSED,
              JsonValues.of(message == null ? "Session failed to start" : message)));
    }
  }

  private void release(RunnerConnection runner, SessionId session, Reply reply) {
    Waiting waiter = waiting.get(session);
    if (waiter != null && waiter.runner().equals(runner.id())) {
      waiter.promise().tryComplete(reply);
    }
  }
}
