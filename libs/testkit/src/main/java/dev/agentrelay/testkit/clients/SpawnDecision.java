package dev.agentrelay.testkit.clients;

/** What a {@link ScriptedRunner} does with a {@code new_session}. */
public sealed interface SpawnDecision {
  /** Starts a worker in this process and says {@code session_ready}. */
  record Fork(WorkerScript worker) implements SpawnDecision {}

  /** Says {@code session_ready} and starts nothing. */
  record ReadyOnly() implements SpawnDecision {}

  /** Says {@code session_error}, for example {@code cwd does not exist: /nowhere}. */
  record Refuse(String message) implements SpawnDecision {}

  /** Says nothing at all. */
  record Ignore() implements SpawnDecision {}
}
