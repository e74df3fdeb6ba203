package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A terminal at the replica that holds its runner: what the shell says goes to all viewers, and is
 * kept for the next one while there is none (sockets.md 4.13). Thread-safe; its lock keeps the
 * order of what is said.
 */
final class Terminal {
  static final String EXIT = "terminal_exit";
  private static final String ERROR = "terminal_error";

  private final TerminalId id;
  private final TerminalConfig config;
  private final Outlet outlet;
  private final Set<ReplicaId> viewers = new HashSet<>();
  private final Deque<Said> unseen = new ArrayDeque<>();
  private long unseenBytes;
  private RunnerConnection runner;
  private Backlog backlog;
  private boolean ended;
  private boolean active;

  /** Something the shell said. */
  private record Said(String event, RawJson payload) {}

  /** The way to the viewers on a replica. */
  interface Outlet {
    /** Completes when the viewers have taken it, with whether there are any. */
    Future<Boolean> show(ReplicaId replica, TerminalId terminal, String event, RawJson payload);
  }

  Terminal(
      TerminalId id,
      RunnerConnection runner,
      Backlog backlog,
      TerminalConfig config,
      Outlet outlet) {
    this.id = id;
    this.runner = runner;
    this.backlog = backlog;
    this.config = config;
    this.outlet = outlet;
  }

  TerminalId id() {
    return id;
  }

  synchronized RunnerConnection runner() {
    return runner;
  }

  /** The same runner has a new connection. */
  synchronized void move(RunnerConnection to, Backlog itsBacklog) {
    runner = to;
    backlog = itsBacklog;
  }

  synchronized void addViewers(Set<ReplicaId> replicas) {
    viewers.addAll(replicas);
  }

  synchronized boolean hasViewers() {
    return !viewers.isEmpty();
  }

  synchronized boolean hasEnded() {
    return ended;
  }

  /** Whether somebody looks on or something was said since this was last asked. */
  synchronized boolean wasActive() {
    boolean was = active || !viewers.isEmpty();
    active = false;
    return was;
  }

  /**
   * Passes on what the shell says.
   *
   * @return whether that was its end, for the first time
   */
  synchronized boolean say(String event, RawObject payload) {
    if (ended) {
      return false;
    }
    active = true;
    Said said = new Said(event, typed(event, payload));
    if (viewers.isEmpty()) {
      keep(said);
    } else {
      List.copyOf(viewers).forEach(viewer -> show(viewer, said));
    }
    ended = event.equals(EXIT) || event.equals(ERROR);
    return ended;
  }

  /** As viewers see what a daemon says of a terminal. */
  static RawJson typed(String event, RawObject payload) {
    return payload.copy().put("type", event).toJson();
  }

  /** The shell is gone with its runner. */
  boolean sayGone() {
    return say(EXIT, gone(id));
  }

  /** What viewers are told of a shell that is gone with its runner. */
  static RawObject gone(TerminalId id) {
    return RawObject.empty().put("terminalId", id.value()).put("exitCode", -1);
  }

  /** Sends a replica with a new viewer what nobody has seen, and from now on everything. */
  synchronized void attach(ReplicaId viewer) {
    viewers.add(viewer);
    active = true;
    while (!unseen.isEmpty()) {
      show(viewer, unseen.removeFirst());
    }
    unseenBytes = 0;
  }

  synchronized void detach(ReplicaId viewer) {
    viewers.remove(viewer);
  }

  private void show(ReplicaId viewer, Said said) {
    long charge = Backlog.charge(said.payload().length());
    Backlog charged = backlog;
    charged.add(charge);
    outlet
        .show(viewer, id, said.event(), said.payload())
        .onComplete(
            shown -> {
              charged.release(charge);
              if (shown.succeeded() && !shown.result()) {
                nobodyThere(viewer, said);
              }
            });
  }

  private synchronized void nobodyThere(ReplicaId viewer, Said said) {
    viewers.remove(viewer);
    if (viewers.isEmpty()) {
      keep(said);
    }
  }

  private void keep(Said said) {
    unseen.add(said);
    unseenBytes += said.payload().length();
    while (unseen.size() > config.replayMessages() || unseenBytes > config.replayBytes()) {
      unseenBytes -= unseen.removeFirst().payload().length();
    }
  }
}
