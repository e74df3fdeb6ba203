package dev.agentrelay.gateway.request;

import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.RequestAbandoned;
import dev.agentrelay.gateway.cluster.Mail.RunnerRequest;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.ConnectedRunners;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerFeature;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Commands to the daemons that this replica holds, until they are answered (rest.md 1.4). An answer
 * counts only from the socket that the command went to; when that socket is gone, so is the answer.
 * Thread-safe.
 */
@Startup
@Singleton
class RunnerRequests implements RunnerFeature {
  private static final Logger LOG = Logger.getLogger(RunnerRequests.class);
  private static final int MAX_PENDING = 1_000;
  private static final String CANCELLABLE = "read_file";
  private static final String REQUEST_ID = "requestId";

  private final ConnectedRunners runners;
  private final Vertx vertx;
  private final Map<String, Pending> pending = new ConcurrentHashMap<>();
  private final Map<Registry, Semaphore> free = new EnumMap<>(Registry.class);

  private record Pending(
      RunnerConnection runner, Registry registry, String event, Promise<Reply> promise) {}

  /** Reads an answer. */
  private interface Reading {
    Reply read(RawObject payload);
  }

  RunnerRequests(ConnectedRunners runners, ReplicaMail mail, Vertx vertx, RelayMetrics metrics) {
    this.runners = runners;
    this.vertx = vertx;
    for (Registry registry : Registry.values()) {
      free.put(registry, new Semaphore(MAX_PENDING));
    }
    metrics.bound(
        Bound.RUNNER_REQUESTS, pending::size, (long) MAX_PENDING * Registry.values().length);
    mail.answer(RunnerRequest.class, this::request);
    mail.take(RequestAbandoned.class, (notice, nothing) -> abandon(notice.request()));
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    Reading data = payload -> done(payload.get("data"));
    Reading error = payload -> refused(payload.text("error"));
    return Map.ofEntries(
        answers("skills_list", Registry.SKILLS, payload -> listed("skills", payload)),
        answers("skill_result", Registry.SKILLS, RunnerRequests::whole),
        answers("agents_list", Registry.AGENTS, payload -> listed("agents", payload)),
        answers("agent_result", Registry.AGENTS, RunnerRequests::whole),
        answers("plugins_list", Registry.OTHERS, RunnerRequests::whole),
        answers("file_result", Registry.OTHERS, RunnerRequests::whole),
        answers("models_list", Registry.OTHERS, RunnerRequests::whole),
        answers("usage_data", Registry.OTHERS, data),
        answers("usage_error", Registry.OTHERS, error),
        answers("analyze_session_data", Registry.OTHERS, data),
        answers("analyze_session_error", Registry.OTHERS, error));
  }

  private Future<Reply> request(RunnerRequest question, @Nullable RawJson payload) {
    RunnerConnection runner = runners.find(question.runner());
    if (runner == null || payload == null) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    Registry registry = Registry.ofCommand(question.event());
    if (!free(registry).tryAcquire()) {
      return Future.succeededFuture(
          refused("Too many pending runner commands (max " + MAX_PENDING + ")"));
    }
    Promise<Reply> promise = Promise.promise();
    pending.put(question.request(), new Pending(runner, registry, question.event(), promise));
    long timer =
        vertx.setTimer(
            question.waitMillis(), tick -> end(question.request(), Reply.NO_ANSWER, true));
    runner.socket().emit(question.event(), payload);
    if (!runner.socket().isConnected()) {
      end(question.request(), Reply.ABSENT, false);
    }
    return promise.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private void abandon(String request) {
    end(request, refused("Runner command aborted"), true);
  }

  /** Ends a wait; the first end counts. */
  private void end(String request, Reply reply, boolean early) {
    Pending ended = pending.remove(request);
    if (ended == null) {
      return;
    }
    free(ended.registry()).release();
    if (early && ended.event().equals(CANCELLABLE)) {
      ended
          .runner()
          .socket()
          .emit("cancel_file_request", RawObject.empty().put(REQUEST_ID, request).toJson());
    }
    ended.promise().tryComplete(reply);
  }

  private Semaphore free(Registry registry) {
    return Objects.requireNonNull(free.get(registry));
  }

  @Override
  public void closed(RunnerConnection runner, Future<Boolean> gone) {
    pending.forEach(
        (request, waiting) -> {
          if (waiting.runner() == runner) {
            end(request, Reply.ABSENT, false);
          }
        });
  }

  private Map.Entry<String, BiConsumer<RunnerConnection, RawObject>> answers(
      String event, Registry registry, Reading reading) {
    return Map.entry(event, (runner, payload) -> answered(registry, reading, runner, payload));
  }

  private void answered(
      Registry registry, Reading reading, RunnerConnection runner, RawObject payload) {
    String request = payload.text(REQUEST_ID);
    Pending waiting = request == null ? null : pending.get(request);
    if (request == null || waiting == null) {
      return;
    }
    if (waiting.runner() != runner || waiting.registry() != registry) {
      LOG.warnf("Runner %s answers a request that was not put to it", runner.id());
      return;
    }
    Reply reply = reading.read(payload.copy().remove(REQUEST_ID));
    if (registry == Registry.OTHERS) {
      end(request, reply, false);
    } else {
      // whoever reads the list after the answer finds it changed
      runner
          .afterEarlierReports(Future::<Void>succeededFuture)
          .onComplete(done -> end(request, reply, false));
    }
  }

  private static Reply listed(String member, RawObject payload) {
    RawObject answer = RawObject.empty().put("ok", true);
    return done(answer.putIfPresent(member, payload.get(member)).toJson());
  }

  private static Reply whole(RawObject payload) {
    return done(payload.toJson());
  }

  private static Reply done(@Nullable RawJson answer) {
    return new Reply(Outcome.DONE, answer == null ? RawObject.empty().toJson() : answer);
  }

  private static Reply refused(@Nullable String text) {
    return new Reply(Outcome.REFUSED, JsonValues.of(text == null ? "Runner command failed" : text));
  }
}
