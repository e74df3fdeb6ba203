package dev.agentrelay.gateway.hub;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.ClusterRooms;
import dev.agentrelay.gateway.cluster.MissedNews;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Snapshots;
import dev.agentrelay.socketio.Socket;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The namespace {@code /hub}: a user's sessions, and the meta state of those that the browser asks
 * for (sockets.md 3.4).
 */
@Startup
@Singleton
class HubNamespace {
  private static final Logger LOG = Logger.getLogger(HubNamespace.class);
  private static final int MAX_META_ROOMS = 1_000;

  private final ClusterRooms rooms;
  private final LiveStateReader reader;
  private final RedisLink redis;

  private final Set<Hub> hubs = ConcurrentHashMap.newKeySet();

  HubNamespace(
      RelaySockets sockets,
      ClusterRooms rooms,
      LiveStateReader reader,
      RedisLink redis,
      MissedNews news) {
    this.rooms = rooms;
    this.reader = reader;
    this.redis = redis;
    sockets.hub().onConnect(socket -> new Hub(socket).welcome());
    news.listen(() -> hubs.forEach(Hub::catchUp));
  }

  /** One hub socket; confined to its event loop. */
  private final class Hub {
    private final Socket socket;
    private final UserId user;
    private final Snapshots snapshots;
    private final Set<String> joined = new HashSet<>();
    private final Set<SessionId> metaSessions = new HashSet<>();

    Hub(Socket socket) {
      this.socket = socket;
      this.snapshots = new Snapshots(socket);
      this.user = ((Caller) socket.principal()).userId();
    }

    void welcome() {
      socket.on("subscribe_session_meta", (args, ack) -> subscribe(session(args)));
      socket.on("unsubscribe_session_meta", (args, ack) -> unsubscribe(session(args)));
      hubs.add(this);
      socket.onDisconnect(
          reason -> {
            hubs.remove(this);
            joined.forEach(room -> rooms.leave(socket, room));
          });
      join(SessionAudience.userRoom(user)).compose(done -> sendSessions()).onFailure(this::giveUp);
    }

    private Future<Void> sendSessions() {
      return snapshots.send(
          "sessions", () -> UniHelper.toFuture(reader.sessionsOf(user)).map(HubNamespace::list));
    }

    /** Changes may have been missed, so everything is said again. */
    private void catchUp() {
      socket
          .context()
          .runOnContext(
              turn -> {
                sendSessions().onFailure(this::giveUp);
                metaSessions.forEach(this::sendMeta);
              });
    }

    private void sendMeta(SessionId session) {
      snapshots.send("state_snapshot", () -> metaState(session)).onFailure(this::giveUp);
    }

    private Future<Void> join(String room) {
      joined.add(room);
      return rooms.join(socket, room);
    }

    private void subscribe(@Nullable SessionId session) {
      if (session == null || joined.size() > MAX_META_ROOMS) {
        return;
      }
      UniHelper.toFuture(reader.session(session))
          .onSuccess(
              found -> {
                boolean mine = found.isPresent() && found.get().userId().equals(user);
                if (mine && socket.isConnected()) {
                  metaSessions.add(session);
                  // the room first, so that no change falls between the state and what follows it
                  join(OwnedSession.metaRoom(session))
                      .onSuccess(done -> sendMeta(session))
                      .onFailure(this::giveUp);
                }
              })
          .onFailure(this::giveUp);
    }

    private void unsubscribe(@Nullable SessionId session) {
      metaSessions.remove(session);
      if (session != null && joined.remove(OwnedSession.metaRoom(session))) {
        rooms.leave(socket, OwnedSession.metaRoom(session));
      }
    }

    /** Without Redis nothing true can be said; the browser comes back over a new connection. */
    private void giveUp(Throwable failure) {
      LOG.warnf("A hub connection is closed: %s", failure.getMessage());
      socket.closeTransport();
    }
  }

  private Future<RawJson> metaState(SessionId session) {
    Request request =
        Request.cmd(Command.HGET).arg(LiveKeys.session(session)).arg(SessionField.META.key());
    return redis
        .send(request)
        .map(
            stored -> {
              RawJson state = stored == null ? OwnedSession.initialMeta() : json(stored);
              return RawObject.empty()
                  .put("sessionId", session.value())
                  .put("state", state)
                  .toJson();
            });
  }

  private static RawJson json(Response stored) {
    return RawJson.of(stored.toBytes());
  }

  private static RawJson list(List<LiveSession> sessions) {
    List<RawJson> infos =
        sessions.stream().map(session -> RawJson.of(session.toInfo().toString())).toList();
    return RawObject.empty().put("sessions", JsonValues.array(infos)).toJson();
  }

  private static @Nullable SessionId session(List<RawJson> args) {
    String id = RawObject.first(args).trimmedText("sessionId");
    return id == null ? null : new SessionId(id);
  }
}
