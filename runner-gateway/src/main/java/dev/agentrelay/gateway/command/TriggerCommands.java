package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.contracts.GatewayCommand.DeliverTrigger;
import dev.agentrelay.contracts.GatewayCommand.Spawn;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.RedisMemory;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.command.CommandRunner.Result;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Hands triggers of other services to workers, and wakes sessions for them (sockets.md 4.10). */
@Singleton
class TriggerCommands {
  private final WorkerLine workers;
  private final SessionAudience audience;
  private final SpawnCommands spawns;
  private final Arrivals arrivals;
  private final RedisLink redis;
  private final RedisMemory memory;
  private final CommandRunConfig config;
  private final SharedClock clock;

  TriggerCommands(
      WorkerLine workers,
      SessionAudience audience,
      SpawnCommands spawns,
      Arrivals arrivals,
      RedisLink redis,
      RedisMemory memory,
      CommandRunConfig config,
      SharedClock clock) {
    this.workers = workers;
    this.audience = audience;
    this.spawns = spawns;
    this.arrivals = arrivals;
    this.redis = redis;
    this.memory = memory;
    this.config = config;
    this.clock = clock;
  }

  /** What is known of the session that is to have the trigger. */
  private record Receiver(@Nullable String owner, boolean live, boolean acknowledges) {
    boolean isOf(UserId user) {
      return owner == null || owner.equals(user.value());
    }
  }

  /**
   * A trigger to be delivered.
   *
   * @param trace the step that the delivery follows, where it is traced
   */
  record Order(UserId user, DeliverTrigger command, Instant deadline, @Nullable String trace) {}

  /**
   * Delivers the trigger.
   *
   * @param turn given up once the trigger is handed over, or waits for a worker
   */
  Future<Result> deliver(Order order, Promise<Void> turn) {
    DeliverTrigger command = order.command();
    return look(command.session())
        .compose(
            receiver -> {
              if (!receiver.isOf(order.user())) {
                return Future.succeededFuture(
                    new Result(Outcome.FORBIDDEN, command.session(), "Session not found"));
              }
              if (!receiver.live()) {
                return unlessIncomplete(
                    command,
                    () ->
                        offline(
                            order,
                            new Result(
                                Outcome.UNKNOWN,
                                command.session(),
                                "Session not found or not connected")));
              }
              Future<Result> handedOver = handOver(order, receiver);
              turn.tryComplete();
              return handedOver.compose(
                  result ->
                      switch (result.outcome()) {
                        case ABSENT -> offline(order, result);
                        // whoever has it drops it when it comes again, so nobody is woken for it
                        case FAILED -> awaited(order, result);
                        default -> Future.succeededFuture(result);
                      });
            });
  }

  /** A session that Redis has lost, and is not told of again yet, is not unknown. */
  private Future<Result> unlessIncomplete(
      DeliverTrigger command, Supplier<Future<Result>> otherwise) {
    return memory
        .isIncomplete()
        .compose(
            incomplete ->
                incomplete
                    ? Future.succeededFuture(
                        new Result(Outcome.FAILED, command.session(), "Redis is told again"))
                    : otherwise.get());
  }

  private Future<Receiver> look(SessionId session) {
    return redis
        .batch(
            List.of(
                Request.cmd(Command.HMGET)
                    .arg(LiveKeys.session(session))
                    .arg(SessionField.USER_ID.key())
                    .arg(SessionField.ACKS_TRIGGERS.key()),
                Request.cmd(Command.HGET).arg(LiveKeys.sessionOwner(session)).arg("user")))
        .map(
            found -> {
              Response record = Objects.requireNonNull(found.get(0));
              Response user = record.get(0);
              Response owner = user == null ? found.get(1) : user;
              return new Receiver(
                  owner == null ? null : owner.toString(),
                  user != null,
                  record.get(1) != null && record.get(1).toString().equals("1"));
            });
  }

  private Future<Result> handOver(Order order, Receiver receiver) {
    DeliverTrigger command = order.command();
    RawJson trigger = RawJson.of(command.trigger().value());
    RawJson payload = RawObject.empty().put("trigger", trigger).toJson();
    Duration wait = receiver.acknowledges() ? config.triggerAckWait() : Duration.ZERO;
    return workers
        .ask(command.session(), "session_trigger", payload, wait, order.trace())
        .map(
            reply -> {
              Result result = result(command.session(), reply, receiver.acknowledges());
              if (result.outcome().isDelivered()) {
                tellViewers(command.session(), RawObject.parse(trigger));
              }
              return result;
            });
  }

  private static Result result(SessionId session, Reply reply, boolean acknowledges) {
    return switch (reply.outcome()) {
      case DONE -> Result.of(acknowledges ? Outcome.ACKNOWLEDGED : Outcome.DELIVERED, session);
      case NO_ANSWER ->
          new Result(Outcome.DELIVERED, session, "The worker has it and did not acknowledge it");
      case LOST ->
          new Result(
              Outcome.FAILED, session, "The worker was lost, or fell silent, before it answered");
      case ABSENT, REFUSED ->
          new Result(Outcome.ABSENT, session, "Session is registered but not currently connected");
    };
  }

  private void tellViewers(SessionId session, @Nullable RawObject trigger) {
    String triggerId = trigger == null ? null : trigger.text("triggerId");
    audience.emitToViewers(
        session, "trigger_delivered", RawObject.empty().put("triggerId", triggerId));
  }

  private Future<Result> offline(Order order, Result otherwise) {
    if (order.command().wake() == null) {
      return awaited(order, otherwise);
    }
    return wake(order.user(), order.command())
        .compose(
            result ->
                result.outcome() == Outcome.WAKING
                    ? awaited(order, result)
                    : Future.succeededFuture(result));
  }

  private Future<Result> wake(UserId user, DeliverTrigger command) {
    Spawn spawn =
        Spawn.wake(
            Objects.requireNonNull(command.wake()).runner(),
            command.session(),
            command.wake().cwd());
    if (command.workerWait().isZero()) {
      // the caller does not wait, so the attempt goes on by itself
      return spawns
          .checked(user, spawn)
          .map(
              refusal -> {
                if (refusal.isPresent()) {
                  return refusal.get();
                }
                spawns.begin(user, command.session(), spawn);
                return Result.of(Outcome.WAKING, command.session());
              });
    }
    return spawns
        .spawn(user, spawn)
        .map(
            result ->
                result.outcome().isDelivered()
                    ? Result.of(Outcome.WAKING, command.session())
                    : result);
  }

  /** Hands it over once the worker has come, or comes to the given result if it does not. */
  private Future<Result> awaited(Order order, Result otherwise) {
    DeliverTrigger command = order.command();
    Duration left = Duration.between(clock.instant(), order.deadline());
    Duration wait = left.compareTo(command.workerWait()) < 0 ? left : command.workerWait();
    if (wait.isZero() || wait.isNegative()) {
      return Future.succeededFuture(otherwise);
    }
    return arrivals
        .await(command.session(), wait)
        .compose(arrived -> look(command.session()))
        .compose(
            receiver -> {
              if (!receiver.live()) {
                return Future.succeededFuture(otherwise);
              }
              return receiver.isOf(order.user())
                  ? handOver(order, receiver).map(result -> notLess(otherwise, result))
                  : Future.succeededFuture(
                      new Result(Outcome.FORBIDDEN, command.session(), "Session not found"));
            });
  }

  /** A worker that may have taken it the first time is not absent for being away the second. */
  private static Result notLess(Result first, Result second) {
    return first.outcome() == Outcome.FAILED && second.outcome() == Outcome.ABSENT ? first : second;
  }
}
