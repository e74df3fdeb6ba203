package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.cluster.Mail.TerminalStart;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The namespace {@code /terminal}: browsers that show one terminal (sockets.md 3.6, 4.13). */
@Startup
@Singleton
class TerminalNamespace {
  private static final Logger LOG = Logger.getLogger(TerminalNamespace.class);
  private static final Duration START_WAIT = Duration.ofSeconds(5);
  private static final String TERMINAL_ID = "terminalId";

  private final Replica self;
  private final TerminalRecords records;
  private final TerminalViewers viewers;
  private final RunnerLine line;
  private final TerminalConfig config;

  TerminalNamespace(
      Replica self,
      RelaySockets sockets,
      TerminalRecords records,
      TerminalViewers viewers,
      RunnerLine line,
      TerminalConfig config) {
    this.self = self;
    this.records = records;
    this.viewers = viewers;
    this.line = line;
    this.config = config;
    sockets.terminal().onConnect(this::connected);
  }

  private void connected(Socket socket) {
    String id = terminalId(socket);
    if (id == null) {
      socket.context().runOnContext(turn -> refuse(socket, "", "Missing terminal ID"));
    } else {
      new Viewer(socket, new TerminalId(id)).attach();
    }
  }

  /** The lists on the page's connection stay. */
  private static void refuse(Socket socket, String id, String message) {
    socket.emit("terminal_error", payload(id).put("message", message).toJson());
    socket.disconnect();
  }

  private static RawObject payload(String id) {
    return RawObject.empty().put(TERMINAL_ID, id);
  }

  private static @Nullable String terminalId(Socket socket) {
    RawObject auth = RawObject.parse(socket.handshake().auth());
    String id = auth == null ? null : auth.trimmedText(TERMINAL_ID);
    if (id == null) {
      id = socket.handshake().query().get(TERMINAL_ID);
    }
    return id == null || id.isBlank() ? null : id;
  }

  /** One browser's socket; confined to its event loop. */
  private final class Viewer {
    private final Socket socket;
    private final TerminalId id;
    private final Backlog backlog;
    private @Nullable TerminalRecord terminal;
    private Future<?> starting = Future.succeededFuture();
    private boolean started;

    Viewer(Socket socket, TerminalId id) {
      this.socket = socket;
      this.id = id;
      this.backlog = new Backlog(socket, config.windowBytes());
    }

    /**
     * The handlers are in place before the first wait; they do nothing before the browser is in.
     */
    void attach() {
      on("terminal_input", this::input);
      on("terminal_resize", this::resize);
      on(
          "kill_terminal",
          (record, payload) -> forward(record, "kill_terminal", payload(id.value())));
      records
          .find(id)
          .onSuccess(
              found -> {
                if (found.isEmpty()) {
                  refuse(socket, id.value(), "Terminal not found");
                } else if (!found.get().user().equals(((Caller) socket.principal()).userId())) {
                  refuse(socket, id.value(), "Forbidden");
                } else {
                  attach(found.get());
                }
              })
          .onFailure(this::giveUp);
    }

    private void attach(TerminalRecord record) {
      viewers
          .add(record, socket)
          .onSuccess(
              added ->
                  socket
                      .context()
                      .runOnContext(
                          turn -> {
                            terminal = record;
                            socket.emit("terminal_connected", payload(id.value()).toJson());
                          }))
          .onFailure(this::giveUp);
    }

    /** Without Redis nothing true can be said; the browser comes back over a new connection. */
    private void giveUp(Throwable failure) {
      LOG.warnf("A viewer of terminal %s is closed: %s", id, failure.getMessage());
      socket.closeTransport();
    }

    private void on(String event, BiConsumer<TerminalRecord, RawObject> handler) {
      socket.on(
          event,
          (args, ack) -> {
            TerminalRecord record = terminal;
            if (record != null) {
              handler.accept(record, RawObject.first(args));
            }
          });
    }

    private void input(TerminalRecord record, RawObject payload) {
      forward(
          record, "terminal_input", payload(id.value()).putIfPresent("data", payload.get("data")));
    }

    /** The first resize of all starts the shell in that size, the others are passed on. */
    private void resize(TerminalRecord record, RawObject payload) {
      if (started) {
        forwardSize(record, payload);
        return;
      }
      started = true;
      Future<Boolean> claim = records.claimStart(id).onFailure(this::giveUp);
      starting =
          claim.compose(claimed -> claimed ? start(record, payload) : Future.succeededFuture());
      claim.onSuccess(
          claimed -> {
            if (!claimed) {
              forwardSize(record, payload);
            }
          });
    }

    private void forwardSize(TerminalRecord record, RawObject payload) {
      forward(
          record,
          "terminal_resize",
          payload(id.value())
              .putIfPresent("cols", payload.get("cols"))
              .putIfPresent("rows", payload.get("rows")));
    }

    private Future<?> start(TerminalRecord record, RawObject size) {
      RawObject order = payload(id.value());
      if (record.cwd() != null) {
        order.put("cwd", record.cwd());
      }
      order.put("cols", positive(size.number("cols"), record.cols()));
      order.put("rows", positive(size.number("rows"), record.rows()));
      TerminalStart question = new TerminalStart(record.runner(), id, self.id());
      return line.ask(record.runner(), question, order.toJson(), START_WAIT)
          .onComplete(
              asked -> {
                if (asked.failed() || !asked.result().isDone()) {
                  records.giveUpStart(id);
                  socket
                      .context()
                      .runOnContext(
                          turn -> {
                            started = false;
                            socket.emit(
                                "terminal_error",
                                payload(id.value())
                                    .put("message", "Failed to spawn terminal")
                                    .toJson());
                          });
                }
              });
    }

    private static long positive(@Nullable Long asked, long otherwise) {
      return asked != null && asked > 0 ? asked : otherwise;
    }

    /** Passes something on to the daemon, behind the start of the shell. */
    private void forward(TerminalRecord record, String event, RawObject payload) {
      RawJson json = payload.toJson();
      long charge = Backlog.charge(json.length());
      backlog.add(charge);
      Future<?> sent = starting.transform(start -> line.emit(record.runner(), event, json));
      sent.onComplete(done -> backlog.release(charge))
          .onFailure(
              failure ->
                  LOG.warnf("%s did not reach terminal %s: %s", event, id, failure.getMessage()));
    }
  }
}
