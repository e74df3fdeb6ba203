package dev.agentrelay.gateway.ring;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.ClusterRooms;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.Namespace;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches of a session's history to Redis, where one script checks the epoch, appends and
 * tells watchers.
 */
@Singleton
public class AppendScript {
  /** Another owner has registered the session with a newer epoch. */
  static final long FENCED = -1;

  /** Redis has no record of the session. */
  static final long GONE = -2;

  private static final long OUT_OF_ORDER = -3;

  /** How long pieces are kept that never become a snapshot. */
  private static final Duration UNFINISHED_TTL = Duration.ofMinutes(10);

  private static final Script SCRIPT = Script.load(AppendScript.class, "append.lua");

  /** What is the same in every batch of one registration. */
  private record Session(List<String> keys, String room, List<Object> arguments) {}

  private final RedisLink redis;
  private final ClusterRooms rooms;
  private final Namespace viewers;
  private final GatewayConfig config;
  private final String messageHead;

  AppendScript(
      RedisLink redis,
      ClusterRooms rooms,
      RelaySockets sockets,
      Replica self,
      GatewayConfig config) {
    this.viewers = sockets.viewer();
    this.redis = redis;
    this.rooms = rooms;
    this.config = config;
    redis.know(SCRIPT);
    this.messageHead = ClusterRooms.messageHead(self.id(), "event");
  }

  /**
   * A sender for one registration of a session; it keeps the ring's bounds, so there is one for
   * each owner.
   */
  public RingWriter.Sender senderFor(SessionId session, long epoch, boolean ephemeral) {
    RingBounds bounds = new RingBounds(config.ringEvents(), config.ringBytes());
    long ringTtl = (ephemeral ? config.ephemeralTtl() : config.sessionTtl()).toMillis();
    String room = "session:" + session;
    Session fixed =
        new Session(
            List.of(LiveKeys.session(session), LiveKeys.ring(session), LiveKeys.snapshot(session)),
            room,
            List.of(
                epoch,
                config.sessionTtl().toMillis(),
                ringTtl,
                LiveKeys.roomChannel(viewers.name(), room),
                messageHead,
                JsonValues.of(session.value())));
    return batch -> send(fixed, bounds, batch);
  }

  private Future<Long> send(Session session, RingBounds bounds, List<Append> batch) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    List<Object> events = new ArrayList<>(batch.size() * 3);
    List<Request> pieces = new ArrayList<>();
    for (Append step : batch) {
      fields.putAll(step.fields());
      if (step.piece() != null) {
        pieces.addAll(store(step.piece()));
      }
      Append.Event event = step.event();
      if (event != null) {
        events.add(event.seq());
        events.add(event.kind().code());
        events.add(event.json());
        if (event.kind() != Append.Kind.TOLD_ONLY) {
          // a snapshot that is kept only has but its place in the ring
          boolean placeOnly = event.kind() == Append.Kind.KEPT_SNAPSHOT;
          bounds.add(event.seq(), placeOnly ? 0 : event.json().length());
        }
      }
    }
    if (fields.isEmpty() && events.isEmpty() && pieces.isEmpty()) {
      return Future.succeededFuture(0L);
    }
    List<Object> arguments = new ArrayList<>(10 + fields.size() * 2 + events.size());
    arguments.addAll(session.arguments());
    arguments.add(rooms.isListening(viewers, session.room()) ? 1 : 0);
    arguments.add(bounds.firstKept() == 0 ? "" : bounds.firstKept() + "-0");
    arguments.add(fields.size());
    fields.forEach(
        (field, value) -> {
          arguments.add(field.key());
          arguments.add(value);
        });
    arguments.addAll(events);
    // on one connection, so the pieces are there before the script names them
    Future<?> stored = pieces.isEmpty() ? Future.succeededFuture() : redis.batch(pieces);
    Future<@Nullable Response> ran = redis.run(SCRIPT, session.keys(), arguments);
    return stored
        .compose(all -> ran)
        .compose(
            answer -> {
              long result = answer == null ? 0 : answer.toLong();
              return result == OUT_OF_ORDER
                  ? Future.failedFuture("an earlier batch is missing")
                  : Future.succeededFuture(result);
            });
  }

  /** Outside of the script, where Redis need not copy a piece three times. */
  private static List<Request> store(Append.Piece piece) {
    return List.of(
        Request.cmd(Command.SETRANGE).arg(piece.key()).arg(piece.offset()).arg(piece.bytes()),
        Request.cmd(Command.PEXPIRE).arg(piece.key()).arg(UNFINISHED_TTL.toMillis()));
  }
}
