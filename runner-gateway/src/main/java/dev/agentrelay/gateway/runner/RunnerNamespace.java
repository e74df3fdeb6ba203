package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.DisconnectReason;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The namespace {@code /runner}: daemons (sockets.md 3.2). Events of a socket that has not
 * registered are dropped.
 */
@Startup
@Singleton
public class RunnerNamespace {
  private final RunnerRegistrar registrar;
  private final RunnerReports reports;
  private final RunnerSessionReports sessions;
  private final SpawnReports spawns;
  private final List<RunnerFeature> features;

  RunnerNamespace(
      RelaySockets sockets,
      RunnerRegistrar registrar,
      RunnerReports reports,
      RunnerSessionReports sessions,
      SpawnReports spawns,
      @All List<RunnerFeature> features) {
    this.sessions = sessions;
    this.features = features;
    this.registrar = registrar;
    this.reports = reports;
    this.spawns = spawns;
    sockets.runner().onConnect(socket -> new Daemon(socket).listen());
  }

  /** What a daemon says of the sessions it was asked to start. */
  public interface SpawnReports {
    void ready(RunnerConnection runner, RawObject payload);

    void failed(RunnerConnection runner, RawObject payload);
  }

  /** One daemon's socket; confined to its event loop. */
  private final class Daemon {
    private final Socket socket;
    private final Map<String, BiConsumer<RunnerConnection, RawObject>> handlers = new HashMap<>();
    private @Nullable RunnerConnection bound;

    Daemon(Socket socket) {
      this.socket = socket;
    }

    void listen() {
      socket.on("register_runner", (args, ack) -> register(RawObject.first(args)));
      on("service_announce", reports::announced);
      on("skills_list", (runner, payload) -> reports.listed(runner, "skills", payload));
      on("agents_list", (runner, payload) -> reports.listed(runner, "agents", payload));
      on("plugins_list", reports::pluginsListed);
      on("skill_result", (runner, payload) -> listedAnew(runner, "skills", payload));
      on("agent_result", (runner, payload) -> listedAnew(runner, "agents", payload));
      on("runner_warning", reports::warned);
      on("runner_warning_clear", (runner, payload) -> reports.warningsCleared(runner));
      on("session_ready", spawns::ready);
      on("session_error", spawns::failed);
      on("disconnect_session", sessions::disconnect);
      on("session_killed", sessions::killed);
      on("runner_session_event", sessions::said);
      features.forEach(feature -> feature.events().forEach(this::on));
      handlers.forEach((event, handler) -> socket.on(event, (args, ack) -> pass(handler, args)));
      socket.onDisconnect(this::disconnected);
    }

    private void on(String event, BiConsumer<RunnerConnection, RawObject> handler) {
      handlers.merge(event, handler, BiConsumer::andThen);
    }

    private void pass(BiConsumer<RunnerConnection, RawObject> handler, List<RawJson> args) {
      RunnerConnection runner = bound;
      if (runner != null) {
        handler.accept(runner, RawObject.first(args));
      }
    }

    private void listedAnew(RunnerConnection runner, String member, RawObject payload) {
      if (payload.has(member)) {
        reports.listed(runner, member, payload);
      }
    }

    private void register(RawObject payload) {
      Caller owner = (Caller) socket.principal();
      registrar
          .register(socket, owner, payload)
          .onSuccess(
              registered ->
                  socket
                      .context()
                      .runOnContext(
                          turn -> {
                            bound = registered.orElse(null);
                            if (bound != null && !socket.isConnected()) {
                              left(bound, true);
                            } else if (bound != null) {
                              RunnerConnection runner = bound;
                              features.forEach(feature -> feature.registered(runner));
                            }
                          }))
          // a daemon that is refused never comes back, one whose connection breaks does
          .onFailure(failure -> socket.closeTransport());
    }

    private void disconnected(DisconnectReason reason) {
      RunnerConnection runner = bound;
      if (runner != null) {
        left(runner, reason != DisconnectReason.SHUTDOWN);
      }
    }

    private void left(RunnerConnection runner, boolean forGood) {
      Future<Boolean> gone =
          forGood ? registrar.disconnected(runner) : Future.succeededFuture(false);
      features.forEach(feature -> feature.closed(runner, gone));
    }
  }
}
