package dev.agentrelay.gateway.viewer;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** One viewer's socket and the session it shows. Confined to the socket's event loop. */
final class Viewer {
  private final Socket socket;
  private final Caller caller;
  private @Nullable SessionId session;
  private @Nullable SessionId ended;
  private @Nullable RawJson generation;
  private boolean collab;
  private boolean visible;
  private long epoch;
  private long activations;

  /** The viewer's last choice of a model is on its way; what it says next comes after that. */
  Future<?> choice = Future.succeededFuture();

  /** The viewer has been given something to start with, so the worker need not be asked. */
  boolean hydrated;

  /** The viewer could not be given anything, and its greeting lets the worker be asked. */
  boolean awaitsWorker;

  /**
   * Neither the viewer nor the worker's registration has seen anything of the session yet, so that
   * what was kept before is no step back.
   */
  boolean mayBeShownKept;

  /** The viewer's greeting came before it was known whether the worker must be asked. */
  boolean greeted;

  Viewer(Socket socket) {
    this.socket = socket;
    this.caller = (Caller) socket.principal();
  }

  Socket socket() {
    return socket;
  }

  Caller caller() {
    return caller;
  }

  /** The session whose room the socket is in. */
  @Nullable SessionId session() {
    return session;
  }

  void show(@Nullable SessionId shown, boolean withCollab) {
    session = shown;
    collab = withCollab;
  }

  /** The session that the newest activation named and that turned out to have ended. */
  @Nullable SessionId ended() {
    return ended;
  }

  void setEnded(SessionId named) {
    ended = named;
  }

  /** Whether the browser has said that its page can be seen. */
  boolean visible() {
    return visible;
  }

  void setVisible(boolean nowVisible) {
    visible = nowVisible;
  }

  /** Which registration of the session is shown. */
  long epoch() {
    return epoch;
  }

  void show(LiveSession live) {
    show(live.sessionId(), live.collab());
    epoch = live.epoch();
  }

  /** Whether the shown session lets its viewers act. */
  boolean collab() {
    return collab;
  }

  @Nullable RawJson generation() {
    return generation;
  }

  /**
   * Starts showing another session, or the same one again; the number tells this activation from
   * older ones.
   */
  long activate(@Nullable RawJson newGeneration) {
    generation = newGeneration;
    ended = null;
    hydrated = false;
    awaitsWorker = false;
    greeted = false;
    mayBeShownKept = false;
    return ++activations;
  }

  /** The number of the newest activation. */
  long activation() {
    return activations;
  }

  boolean isCurrent(long activation) {
    return activation == activations && socket.isConnected();
  }

  void emit(String event, RawObject payload) {
    socket.emit(event, payload.toJson());
  }

  /**
   * Emits an answer to the current activation: it carries the viewer's generation where one was
   * given.
   */
  void answer(String event, RawObject payload) {
    emit(event, payload.putIfPresent("generation", generation));
  }
}
