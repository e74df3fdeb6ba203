package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.ClusterRooms;
import dev.agentrelay.gateway.cluster.MissedNews;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Snapshots;
import dev.agentrelay.socketio.Socket;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * The namespace {@code /runners}: a user's runners as they come, change and go (sockets.md 3.5).
 */
@Startup
@Singleton
public class RunnerFeed {
  private static final Logger LOG = Logger.getLogger(RunnerFeed.class);

  private final RelaySockets sockets;
  private final ClusterRooms rooms;
  private final RunnerRecords records;

  private final Map<Socket, Snapshots> watching = new ConcurrentHashMap<>();

  RunnerFeed(RelaySockets sockets, ClusterRooms rooms, RunnerRecords records, MissedNews news) {
    this.sockets = sockets;
    this.rooms = rooms;
    this.records = records;
    sockets.runners().onConnect(this::welcome);
    news.listen(() -> watching.forEach(this::sendAll));
  }

  private void welcome(Socket socket) {
    UserId user = ((Caller) socket.principal()).userId();
    String room = room(user);
    Snapshots snapshots = new Snapshots(socket);
    watching.put(socket, snapshots);
    socket.onDisconnect(
        reason -> {
          watching.remove(socket);
          rooms.leave(socket, room);
        });
    rooms
        .join(socket, room)
        .onSuccess(joined -> sendAll(socket, snapshots))
        .onFailure(failure -> giveUp(socket, failure));
  }

  private void sendAll(Socket socket, Snapshots snapshots) {
    UserId user = ((Caller) socket.principal()).userId();
    snapshots
        .send("runners", () -> records.ofUser(user).map(RunnerFeed::list))
        .onFailure(failure -> giveUp(socket, failure));
  }

  private static RawJson list(List<RunnerRecord> runners) {
    List<RawJson> infos = runners.stream().map(runner -> runner.toInfo().toJson()).toList();
    return RawObject.empty().put("runners", JsonValues.array(infos)).toJson();
  }

  private static void giveUp(Socket socket, Throwable failure) {
    LOG.warnf("A runner feed is closed because Redis is away: %s", failure.getMessage());
    socket.closeTransport();
  }

  void added(RunnerRecord runner) {
    rooms.emit(sockets.runners(), room(runner.user()), "runner_added", runner.toInfo().toJson());
  }

  void updated(RunnerRecord runner) {
    rooms.emit(sockets.runners(), room(runner.user()), "runner_updated", runner.toInfo().toJson());
  }

  void removed(UserId user, RunnerId runner) {
    RawObject payload = RawObject.empty().put("runnerId", runner.value());
    rooms.emit(sockets.runners(), room(user), "runner_removed", payload.toJson());
  }

  private static String room(UserId user) {
    return "user:" + user;
  }
}
