package dev.agentrelay.gateway.cluster;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.TerminalId;
import org.jspecify.annotations.Nullable;

/**
 * What one gateway replica says to another about a socket that the other holds. Arguments of events
 * travel beside it as raw JSON.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS, property = "kind")
public sealed interface Mail {

  /** A question; the receiver answers with {@link Answer}. */
  sealed interface Question extends Mail
      permits ToWorker,
          ToRunner,
          Spawn,
          Holds,
          HoldsRunner,
          EndWorker,
          RunnerRequest,
          TerminalStart,
          TerminalAttach,
          TerminalOutput {}

  /** A statement; nobody answers. */
  sealed interface Notice extends Mail
      permits Superseded, Watched, Relinked, Said, RequestAbandoned, TerminalLeft {}

  /**
   * Emit an event to the worker of a session. With a wait, the answer carries the worker's
   * acknowledgement.
   *
   * @param waitMillis how long to wait for the worker; 0 asks it for no acknowledgement
   * @param trace the step that it follows, where it is traced
   */
  record ToWorker(SessionId session, String event, long waitMillis, @Nullable String trace)
      implements Question {}

  /** Emit an event to a runner's daemon. */
  record ToRunner(RunnerId runner, String event) implements Question {}

  /** Have a runner start a session, and answer what it said. */
  record Spawn(RunnerId runner, SessionId session, long waitMillis) implements Question {}

  /** Whether the worker that registered a session under this epoch is connected; refused if not. */
  record Holds(SessionId session, long epoch) implements Question {}

  /**
   * Whether the daemon that registered a runner by this connection is connected; refused if not.
   * Absent while the replica has only just started, as the daemon may be on its way back to it.
   */
  record HoldsRunner(RunnerId runner, String connection) implements Question {}

  /** End a worker: ask it to with a command of that id, and disconnect it after a grace. */
  record EndWorker(SessionId session, String commandId, long graceMillis) implements Question {}

  /** A session runs on another runner now, or on none. */
  record Relinked(SessionId session, @Nullable RunnerId runner, @Nullable String runnerName)
      implements Notice {}

  /** A session's runner has an event for its viewers, beside its worker. */
  record Said(SessionId session) implements Notice {}

  /**
   * Have a runner carry out a command and answer what it said.
   *
   * @param request what the answer of the runner must name
   */
  record RunnerRequest(RunnerId runner, String event, String request, long waitMillis)
      implements Question {}

  /** Have a runner start the terminal's shell, for a viewer on the given replica. */
  record TerminalStart(RunnerId runner, TerminalId terminal, ReplicaId viewer)
      implements Question {}

  /** A replica has a viewer of the terminal: send it what nobody has seen, and all that follows. */
  record TerminalAttach(TerminalId terminal, ReplicaId viewer) implements Question {}

  /** Show something to the viewers of a terminal; answered once they have taken it. */
  record TerminalOutput(TerminalId terminal, String event) implements Question {}

  /** Nobody waits any more for the answer of a {@link RunnerRequest}. */
  record RequestAbandoned(String request) implements Notice {}

  /**
   * A viewer of the terminal has left.
   *
   * @param last whether the replica has no other viewer of it
   */
  record TerminalLeft(TerminalId terminal, ReplicaId viewer, boolean last) implements Notice {}

  /** A session has registered elsewhere with a newer epoch. */
  record Superseded(SessionId session, long epoch) implements Notice {}

  /** A viewer has opened a session, so its owner no longer holds back what nobody watched. */
  record Watched(SessionId session) implements Notice {}

  /** What became of a question. */
  enum Outcome {
    /** The socket took it, and answered if it was asked to. */
    DONE,
    /** The socket took it and did not answer in time. */
    NO_ANSWER,
    /** The socket or its replica was lost before it answered; nobody knows whether it was told. */
    LOST,
    /** The socket is not held by the asked replica, or that replica is gone. */
    ABSENT,
    /** The other side refused. */
    REFUSED
  }

  /** Asks a question on behalf of a replica. */
  record Asked(String id, ReplicaId from, Question question) implements Mail {}

  /** Answers the question of that id. */
  record Answer(String id, Outcome outcome) implements Mail {}

  /** Answers the question of that id with a value that waits under a key of its own. */
  record Parcel(String id, Outcome outcome) implements Mail {}
}
