package dev.agentrelay.local.supervisor;

/** A running child that serves. */
public interface Child {
  ProcessHandle process();

  /** Ends it in an orderly way, by force when that takes more than ten seconds. */
  void stop();
}
