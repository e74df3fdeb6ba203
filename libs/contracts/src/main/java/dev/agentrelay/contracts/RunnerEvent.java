package dev.agentrelay.contracts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened in the life of a runner's connection, said by the gateway that holds it. */
public sealed interface RunnerEvent {
  RunnerId runnerId();

  UserId userId();

  Instant at();

  /** The daemon has registered, for the first time or again. */
  record Connected(RunnerId runnerId, UserId userId, Instant at, @Nullable String name)
      implements RunnerEvent {}

  /** The daemon's registered connection is gone. Its sessions live on. */
  record Disconnected(RunnerId runnerId, UserId userId, Instant at) implements RunnerEvent {}
}
