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
import dev.agentrelay.socketio.Namespace;
import jakarta.inject.Singleton;
import java.util.List;

/** The script that checks a session's epoch, appends to its history and tells watchers. */
@Singleton
public class AppendScript {
  /** Another owner has registered the session with a newer epoch. */
  static final long FENCED = -1;

  /** Redis has no record of the session. */
  static final long GONE = -2;

  static final long OUT_OF_ORDER = -3;

  /** An event whose text was left out is watched elsewhere. */
  static final long TEXT_NEEDED = -4;

  static final Script SCRIPT = Script.load(AppendScript.class, "append.lua");

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
    long ringTtl = (ephemeral ? config.ephemeralTtl() : config.sessionTtl()).toMillis();
    String room = "session:" + session;
    return new BatchSender(
        redis,
        () -> rooms.isListening(viewers, room),
        new RingBounds(config.ringEvents(), config.ringBytes()),
        List.of(LiveKeys.session(session), LiveKeys.ring(session), LiveKeys.snapshot(session)),
        List.of(
            epoch,
            config.sessionTtl().toMillis(),
            ringTtl,
            LiveKeys.roomChannel(viewers.name(), room),
            messageHead,
            JsonValues.of(session.value())));
  }
}
