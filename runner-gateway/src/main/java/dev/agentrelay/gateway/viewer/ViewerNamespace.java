package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.quota.ViewerQuota;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The namespace {@code /viewer}: browsers that look at one session at a time (sockets.md 3.3). */
@Startup
@Singleton
class ViewerNamespace {
  private final ViewerQuota quota;
  private final Activation activation;
  private final EndedSessions ended;
  private final WorkerRecovery recovery;
  private final Resync resync;
  private final OlderMessages olderMessages;
  private final ViewerActions actions;
  private final ViewerCatchUp catchUp;
  private final List<ViewerFeature> features;

  ViewerNamespace(
      RelaySockets sockets,
      ViewerQuota quota,
      Activation activation,
      EndedSessions ended,
      WorkerRecovery recovery,
      Resync resync,
      OlderMessages olderMessages,
      ViewerActions actions,
      ViewerCatchUp catchUp,
      @All List<ViewerFeature> features) {
    this.quota = quota;
    this.activation = activation;
    this.ended = ended;
    this.recovery = recovery;
    this.resync = resync;
    this.olderMessages = olderMessages;
    this.actions = actions;
    this.features = features;
    this.catchUp = catchUp;
    sockets.viewer().onConnect(this::connected);
  }

  /**
   * All handlers are in place before the first wait: a browser acts as soon as it sees the
   * connection.
   */
  private void connected(Socket socket) {
    Viewer viewer = new Viewer(socket);
    on(socket, "switch_session", payload -> switchSession(viewer, payload));
    on(socket, "connected", payload -> recovery.greeted(viewer, viewer.activation()));
    on(socket, "resync", payload -> resync.answer(viewer, payload.number("lastSeq")));
    on(socket, "load_messages", payload -> olderMessages.answer(viewer, payload));
    on(socket, "model_set", payload -> actions.chooseModel(viewer, payload));
    on(socket, "exec", payload -> actions.forward(viewer, "exec", payload));
    on(
        socket,
        "viewer_visibility",
        payload -> activation.turned(viewer, !payload.isFalse("visible")));
    socket.on("input", (args, ack) -> actions.input(viewer, RawObject.first(args), ack));
    for (ViewerFeature feature : features) {
      feature.events().forEach((event, handler) -> listen(viewer, event, handler));
    }
    socket.onDisconnect(reason -> activation.leaveOther(viewer, null));
    catchUp.add(viewer);
    tellProtocolMismatch(viewer);
    quota
        .require(viewer.caller().userId(), socket)
        .onFailure(failure -> socket.context().runOnContext(turn -> dismiss(viewer, failure)));
    SessionId bound = boundSession(socket);
    if (bound != null) {
      socket.context().runOnContext(turn -> showBound(viewer, bound));
    }
  }

  /** Whom nobody could count may stay. The lists on the page's connection stay in any case. */
  private static void dismiss(Viewer viewer, Throwable failure) {
    if (failure instanceof RelayException enough) {
      viewer.emit("error", RawObject.empty().put("message", enough.text()));
      viewer.socket().disconnect();
    }
  }

  private static void listen(Viewer viewer, String event, ViewerFeature.Handler handler) {
    viewer
        .socket()
        .on(
            event,
            (args, ack) ->
                handler.handle(
                    new ViewerFeature.Shown(
                        viewer.session(),
                        viewer.caller().userId(),
                        viewer.session() != null && viewer.collab(),
                        viewer.socket()),
                    RawObject.first(args),
                    ack));
  }

  private void switchSession(Viewer viewer, RawObject payload) {
    String session = payload.trimmedText("sessionId");
    if (session != null) {
      RawJson generation = payload.number("generation") == null ? null : payload.get("generation");
      activation.start(viewer, new SessionId(session), generation, payload.number("lastSeq"));
    }
  }

  /**
   * The form in which a session is named at the handshake; an ended one is replayed and dismissed.
   */
  private void showBound(Viewer viewer, SessionId session) {
    ended
        .isLive(session)
        .onSuccess(
            live -> {
              if (live) {
                activation.start(viewer, session, RawJson.of("0"), null);
              } else {
                ended.replay(viewer, session);
              }
            })
        .onFailure(failure -> viewer.socket().closeTransport());
  }

  private static @Nullable SessionId boundSession(Socket socket) {
    RawObject auth = RawObject.parse(socket.handshake().auth());
    String session = auth == null ? null : auth.trimmedText("sessionId");
    if (session == null) {
      session = socket.handshake().query().get("sessionId");
    }
    return session == null || session.isBlank() ? null : new SessionId(session);
  }

  /** Another protocol version is worth a warning, never a refusal (sockets.md 2). */
  private static void tellProtocolMismatch(Viewer viewer) {
    RawObject auth = RawObject.parse(viewer.socket().handshake().auth());
    RawJson version = auth == null ? null : auth.get("protocolVersion");
    String text = JsonValues.text(version);
    Long number =
        text != null && text.matches("\\d{1,9}") ? Long.valueOf(text) : JsonValues.number(version);
    if (number != null && number != 1) {
      viewer.emit(
          "error",
          RawObject.empty()
              .put(
                  "message",
                  "This client speaks socket protocol "
                      + number
                      + ", the relay speaks 1: reload or update it."));
    }
  }

  private static void on(Socket socket, String event, Consumer<RawObject> handler) {
    socket.on(event, (args, ack) -> handler.accept(RawObject.first(args)));
  }
}
