package dev.agentrelay.gateway.worker;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.session.EventPipeline;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.Registration;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.gateway.session.SessionEnding;
import dev.agentrelay.gateway.session.SessionRegistrar;
import dev.agentrelay.gateway.session.SessionRegistrar.Registered;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.socketio.DisconnectReason;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The namespace {@code /relay}: one worker per session (sockets.md 3.1). */
@Startup
@Singleton
class WorkerNamespace {
  private static final Logger LOG = Logger.getLogger(WorkerNamespace.class);

  private static final String INVALID_TOKEN = "Invalid token";

  private final SessionRegistrar registrar;
  private final EventPipeline pipeline;
  private final SessionEnding ending;
  private final SessionAudience audience;
  private final List<WorkerFeature> features;

  WorkerNamespace(
      RelaySockets sockets,
      SessionRegistrar registrar,
      EventPipeline pipeline,
      SessionEnding ending,
      SessionAudience audience,
      @All List<WorkerFeature> features) {
    this.registrar = registrar;
    this.pipeline = pipeline;
    this.ending = ending;
    this.audience = audience;
    this.features = features;
    sockets.relay().onConnect(socket -> new Worker(socket).listen());
  }

  /** One worker's socket; confined to its event loop. */
  private final class Worker {
    private final Socket socket;
    private @Nullable OwnedSession session;
    private long acknowledged;

    Worker(Socket socket) {
      this.socket = socket;
    }

    void listen() {
      socket.on("register", (args, ack) -> register(RawObject.first(args)));
      socket.on("event", (args, ack) -> event(RawObject.first(args)));
      socket.on("session_end", (args, ack) -> end(RawObject.first(args)));
      socket.on("exec_result", (args, ack) -> execResult(RawObject.first(args)));
      for (WorkerFeature feature : features) {
        feature.events().forEach(this::onAuthorized);
        feature.openEvents().forEach(this::onRegistered);
      }
      socket.onDisconnect(this::disconnected);
    }

    private void onAuthorized(String event, WorkerFeature.Handler handler) {
      socket.on(
          event,
          (args, ack) -> {
            RawObject payload = RawObject.first(args);
            OwnedSession owned = authorized(payload);
            if (owned == null) {
              ack.send(RawObject.empty().put("ok", false).put("error", INVALID_TOKEN).toJson());
            } else {
              handler.handle(owned, payload, ack);
            }
          });
    }

    private void onRegistered(String event, WorkerFeature.Handler handler) {
      socket.on(
          event,
          (args, ack) -> {
            OwnedSession owned = session;
            if (owned != null && !owned.isOver()) {
              handler.handle(owned, RawObject.first(args), ack);
            }
          });
    }

    private void register(RawObject payload) {
      registrar
          .register(socket, (Caller) socket.principal(), Registration.of(payload))
          .onSuccess(registered -> socket.context().runOnContext(turn -> registered(registered)))
          .onFailure(
              failure -> {
                LOG.warnf("A worker could not register: %s", failure.getMessage());
                if (failure instanceof RelayException refused) {
                  socket.emit("error", RawObject.empty().put("message", refused.text()).toJson());
                }
                socket.closeTransport();
              });
    }

    private void registered(Registered registered) {
      OwnedSession owned = registered.session();
      session = owned;
      acknowledged = 0;
      if (!socket.isConnected()) {
        ending.end(owned);
        return;
      }
      RawObject message =
          RawObject.empty()
              .put("sessionId", owned.id().value())
              .put("token", owned.token())
              .put("shareUrl", registered.shareUrl())
              .put("isEphemeral", owned.ephemeral())
              .put("collabMode", owned.collab())
              .put(
                  "parentSessionId",
                  registered.parent() == null ? null : registered.parent().value())
              .put("serverTime", System.currentTimeMillis())
              .put("supportsSessionTriggerAck", true);
      if (registered.delinked()) {
        message.put("wasDelinked", true);
      }
      socket.emit("registered", message.toJson());
      features.forEach(feature -> feature.registered(owned));
    }

    private void event(RawObject payload) {
      OwnedSession owned = authorized(payload);
      if (owned == null) {
        return;
      }
      Long seq = payload.number("seq");
      if (seq != null) {
        acknowledged = Math.max(acknowledged, seq);
      }
      Runnable acknowledge = seq == null ? () -> {} : acknowledgement(owned, acknowledged);
      RawJson event = payload.get("event");
      if (event == null || JsonValues.isNull(event)) {
        pipeline.skip(owned, acknowledge);
      } else {
        pipeline.accept(owned, event, acknowledge);
      }
    }

    private Runnable acknowledgement(OwnedSession owned, long seq) {
      return () ->
          socket.emit(
              "event_ack",
              RawJson.of("{\"sessionId\":" + owned.idAsJson() + ",\"seq\":" + seq + "}"));
    }

    private void end(RawObject payload) {
      OwnedSession owned = authorized(payload);
      if (owned != null) {
        features.forEach(feature -> feature.ending(owned));
        ending.end(owned);
      }
    }

    private void execResult(RawObject payload) {
      OwnedSession owned = session;
      if (owned != null && !owned.isOver()) {
        audience.emitToViewers(
            owned.id(), "exec_result", payload.put("sessionId", owned.id().value()));
      }
    }

    /** The session this socket may speak for; otherwise it is told that its token is not valid. */
    private @Nullable OwnedSession authorized(RawObject payload) {
      OwnedSession owned = session;
      RawJson token = payload.get("token");
      if (owned == null || owned.isOver() || token == null || !owned.isToken(token)) {
        socket.emit("error", RawObject.empty().put("message", INVALID_TOKEN).toJson());
        return null;
      }
      return owned;
    }

    private void disconnected(DisconnectReason reason) {
      OwnedSession owned = session;
      if (owned == null) {
        return;
      }
      switch (reason) {
        case SHUTDOWN -> {} // the session lives on and its worker registers elsewhere
        case PING_TIMEOUT -> ending.endUnlessBack(owned);
        default -> ending.end(owned);
      }
    }
  }
}
