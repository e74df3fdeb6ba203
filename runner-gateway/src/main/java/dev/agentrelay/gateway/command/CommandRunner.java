package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.CommandAnswer;
import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.CommandId;
import dev.agentrelay.contracts.CommandRequest;
import dev.agentrelay.contracts.GatewayCommand;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.platform.trace.Step;
import dev.agentrelay.platform.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Carries out commands, each once. Those of one session begin in their order, and one begins as
 * soon as the one before is handed over, not when it is acknowledged. Thread-safe.
 */
@Singleton
class CommandRunner {
  private static final Logger LOG = Logger.getLogger(CommandRunner.class);

  private final CommandLedger ledger;
  private final SpawnCommands spawns;
  private final TriggerCommands triggers;
  private final SessionCommands sessions;
  private final RedisMemory memory;
  private final RelayMetrics metrics;
  private final Traces traces;
  private final SharedClock clock;
  private final Lanes lanes = new Lanes();
  private final Map<CommandId, Future<Optional<CommandAnswer>>> running = new ConcurrentHashMap<>();

  CommandRunner(
      CommandLedger ledger,
      SpawnCommands spawns,
      TriggerCommands triggers,
      SessionCommands sessions,
      RedisMemory memory,
      CommandRunConfig config,
      RelayMetrics metrics,
      Traces traces,
      SharedClock clock) {
    this.ledger = ledger;
    this.spawns = spawns;
    this.triggers = triggers;
    this.sessions = sessions;
    this.memory = memory;
    this.metrics = metrics;
    this.traces = traces;
    this.clock = clock;
    metrics.bound(Bound.COMMANDS_RUNNING, running::size, config.running());
  }

  /** What has become of a command, before it is an answer. */
  record Result(Outcome outcome, @Nullable SessionId session, @Nullable String reason) {
    static Result of(Outcome outcome, @Nullable SessionId session) {
      return new Result(outcome, session, null);
    }
  }

  /**
   * The answer; empty when another replica is at it and will give it. Never fails.
   *
   * @param trace the step that it follows, as {@link Traces#HEADER} writes it
   */
  Future<Optional<CommandAnswer>> run(CommandRequest request, @Nullable String trace) {
    Promise<Optional<CommandAnswer>> promise = Promise.promise();
    Future<Optional<CommandAnswer>> before =
        running.putIfAbsent(request.commandId(), promise.future());
    if (before != null) {
      return before.compose(answer -> isLate(request, answer) ? run(request, trace) : before);
    }
    long began = System.nanoTime();
    Step step = traces.follow(SpanKind.CONSUMER, kind(request) + " carried out", trace);
    lanes
        .run(lane(request), turn -> claimed(request, turn, step.header()))
        .otherwise(failure -> Optional.of(failed(request, failure)))
        .onComplete(
            done -> {
              running.remove(request.commandId());
              measure(request, done.result(), began);
              step.about("relay.outcome", outcome(done.result())).end(false);
              promise.complete(done.result());
            });
    return promise.future();
  }

  /** An earlier copy came too late, and this one has not. */
  private boolean isLate(CommandRequest request, Optional<CommandAnswer> earlier) {
    return earlier.isPresent()
        && earlier.get().outcome() == Outcome.EXPIRED
        && clock.instant().isBefore(request.deadline());
  }

  private void measure(CommandRequest request, Optional<CommandAnswer> answer, long began) {
    metrics
        .timer(Metric.COMMANDS, kind(request), outcome(answer))
        .record(Duration.ofNanos(System.nanoTime() - began));
  }

  private static String kind(CommandRequest request) {
    return request.command().getClass().getSimpleName();
  }

  private static String outcome(Optional<CommandAnswer> answer) {
    return answer.map(given -> given.outcome().name()).orElse("ELSEWHERE").toLowerCase(Locale.ROOT);
  }

  /** Spawns of different sessions on one runner need not wait for each other. */
  private static String lane(CommandRequest request) {
    if (request.command() instanceof GatewayCommand.Spawn spawn) {
      return spawn.session() == null ? request.commandId().value() : spawn.session().value();
    }
    return request.command().key();
  }

  /** What comes too late costs nothing more, so that the commands behind it do not as well. */
  private Future<Optional<CommandAnswer>> claimed(
      CommandRequest request, Promise<Void> turn, @Nullable String trace) {
    if (clock.instant().isAfter(request.deadline())) {
      return Future.succeededFuture(Optional.of(answer(request, Result.of(Outcome.EXPIRED, null))));
    }
    return ledger
        .claim(request.commandId())
        .compose(
            entry ->
                switch (entry) {
                  case CommandLedger.Entry.Elsewhere elsewhere ->
                      Future.succeededFuture(Optional.empty());
                  case CommandLedger.Entry.Done done ->
                      Future.succeededFuture(Optional.of(done.answer()));
                  case CommandLedger.Entry.Ours ours ->
                      carriedOut(request, ours.again(), turn, trace).map(Optional::of);
                });
  }

  private Future<CommandAnswer> carriedOut(
      CommandRequest request, boolean again, Promise<Void> turn, @Nullable String trace) {
    return dispatch(request, again, turn, trace)
        .compose(this::unlessIncomplete)
        .map(result -> answer(request, result))
        .otherwise(failure -> failed(request, failure))
        .compose(
            answer ->
                answer.outcome() == Outcome.FAILED
                    ? undone(answer)
                    : ledger.store(answer).transform(stored -> Future.succeededFuture(answer)));
  }

  private Future<Result> dispatch(
      CommandRequest request, boolean again, Promise<Void> turn, @Nullable String trace) {
    return switch (request.command()) {
      case GatewayCommand.Spawn spawn ->
          again
              ? spawns.spawnAgain(request.userId(), spawn)
              : spawns.spawn(request.userId(), spawn);
      case GatewayCommand.DeliverTrigger trigger ->
          triggers.deliver(
              new TriggerCommands.Order(request.userId(), trigger, request.deadline(), trace),
              turn);
      case GatewayCommand.InjectInput input -> sessions.input(request.userId(), input);
      case GatewayCommand.AnswerTrigger answer -> sessions.answer(request.userId(), answer);
      case GatewayCommand.EndSession end -> sessions.end(request.userId(), end);
      case GatewayCommand.TellViewers tell -> sessions.tellViewers(request.userId(), tell);
    };
  }

  /** What Redis has lost, and is not told of again yet, is not unknown. */
  private Future<Result> unlessIncomplete(Result result) {
    return result.outcome() == Outcome.UNKNOWN
        ? memory
            .isIncomplete()
            .map(
                incomplete ->
                    incomplete
                        ? new Result(Outcome.FAILED, result.session(), "Redis is told again")
                        : result)
        : Future.succeededFuture(result);
  }

  /** Nothing was done, so that the same command may be tried again. */
  private Future<CommandAnswer> undone(CommandAnswer answer) {
    return ledger.release(answer.commandId()).transform(released -> Future.succeededFuture(answer));
  }

  private static CommandAnswer failed(CommandRequest request, Throwable failure) {
    LOG.warnf("Command %s failed: %s", request.commandId(), failure.getMessage());
    return answer(
        request, new Result(Outcome.FAILED, null, "The gateway could not do it just now"));
  }

  private static CommandAnswer answer(CommandRequest request, Result result) {
    return new CommandAnswer(
        request.commandId(), result.outcome(), Instant.now(), result.session(), result.reason());
  }
}
