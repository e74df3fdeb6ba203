package dev.agentrelay.gateway.runner;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.DisconnectReason;
import dev.agentrelay.socketio.Socket;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
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
  private final SpawnReports spawns;

  RunnerNamespace(
      RelaySockets sockets, RunnerRegistrar registrar, RunnerReports reports, SpawnReports spawns) {
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
      on("runner_warning", reports::warned);
      on("runner_warning_clear", (runner, payload) -> reports.warningsCleared(runner));
      on("session_ready", spawns::ready);
      on("session_error", spawns::failed);
      socket.onDisconnect(this::disconnected);
    }

    private void on(String event, BiConsumer<RunnerConnection, RawObject> handler) {
      socket.on(
          event,
          (args, ack) -> {
            RunnerConnection runner = bound;
            if (runner != null) {
              handler.accept(runner, RawObject.first(args));
            }
          });
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
                              registrar.disconnected(bound);
                            }
                          }))
          // a daemon that is refused never comes back, one whose connection breaks does
          .onFailure(failure -> socket.closeTransport());
    }

    private void disconnected(DisconnectReason reason) {
      RunnerConnection runner = bound;
      if (runner != null && reason != DisconnectReason.SHUTDOWN) {
        registrar.disconnected(runner);
      }
    }
  }
}
