package dev.agentrelay.gateway.ring;

import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Sends the batches of one registration of a session to Redis. Confined to the owner's event loop.
 */
final class BatchSender implements RingWriter.Sender {
  /** How long pieces are kept that never become a snapshot. */
  private static final Duration UNFINISHED_TTL = Duration.ofMinutes(10);

  private static final RawJson LEFT_OUT = RawJson.of("");

  private final RedisLink redis;
  private final BooleanSupplier listening;
  private final RingBounds bounds;
  private final List<String> keys;
  private final List<Object> fixed;

  /** Whether another replica was watching when Redis last said. */
  private boolean watched;

  /**
   * @param listening whether this replica itself receives what the script tells watchers
   * @param fixed the script's arguments that are the same in every batch
   */
  BatchSender(
      RedisLink redis,
      BooleanSupplier listening,
      RingBounds bounds,
      List<String> keys,
      List<Object> fixed) {
    this.redis = redis;
    this.listening = listening;
    this.bounds = bounds;
    this.keys = keys;
    this.fixed = fixed;
  }

  @Override
  public Future<Long> send(List<Append> batch) {
    List<Request> pieces = new ArrayList<>();
    boolean onlyPieces = true;
    for (Append step : batch) {
      if (step.piece() != null) {
        store(step.piece(), pieces);
      }
      onlyPieces &= step.event() == null && step.fields().isEmpty();
    }
    // on one connection, so the pieces are there before the script names them
    Future<?> stored = pieces.isEmpty() ? Future.succeededFuture() : redis.batch(pieces);
    Future<Long> ran = onlyPieces ? Future.succeededFuture(RingWriter.NOT_COUNTED) : run(batch);
    return stored.compose(all -> ran);
  }

  private Future<Long> run(List<Append> batch) {
    return redis
        .run(AppendScript.SCRIPT, keys, arguments(batch))
        .compose(
            answer -> {
              long result = answer == null ? 0 : answer.toLong();
              watched = result > 0 || result == AppendScript.TEXT_NEEDED;
              if (result == AppendScript.TEXT_NEEDED) {
                return run(batch);
              }
              return result == AppendScript.OUT_OF_ORDER
                  ? Future.failedFuture("an earlier batch is missing")
                  : Future.succeededFuture(result);
            });
  }

  private List<Object> arguments(List<Append> batch) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    List<Object> events = new ArrayList<>(batch.size() * 3);
    for (Append step : batch) {
      fields.putAll(step.fields());
      Append.Event event = step.event();
      if (event == null) {
        continue;
      }
      boolean untold = !watched && event.kind() == Kind.TOLD_ONLY && step.isLarge();
      events.add(event.seq());
      events.add(event.kind().code());
      events.add(untold ? LEFT_OUT : event.json());
      if (event.kind() != Kind.TOLD_ONLY) {
        // a snapshot that is kept only has but its place in the ring
        boolean placeOnly = event.kind() == Kind.KEPT_SNAPSHOT;
        bounds.add(event.seq(), placeOnly ? 0 : event.json().length());
      }
    }
    List<Object> arguments = new ArrayList<>(10 + fields.size() * 2 + events.size());
    arguments.addAll(fixed);
    arguments.add(listening.getAsBoolean() ? 1 : 0);
    arguments.add(bounds.firstKept() == 0 ? "" : bounds.firstKept() + "-0");
    arguments.add(fields.size());
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    arguments.addAll(events);
    return arguments;
  }

  /** Outside of the script, where Redis need not copy a piece three times. */
  private static void store(Append.Piece piece, List<Request> requests) {
    requests.add(Request.cmd(Command.HSET).arg(piece.key()).arg(piece.number()).arg(piece.bytes()));
    requests.add(Request.cmd(Command.PEXPIRE).arg(piece.key()).arg(UNFINISHED_TTL.toMillis()));
  }
}
