package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.json.RawObject;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A feature that listens to registered daemons beside {@link RunnerNamespace}. Called on the
 * socket's event loop.
 */
public interface RunnerFeature {
  /** What is done with which event; asked once for each socket. */
  Map<String, BiConsumer<RunnerConnection, RawObject>> events();

  /** A daemon has registered. */
  default void registered(RunnerConnection runner) {}

  /**
   * The daemon's socket is gone.
   *
   * @param gone whether the runner is gone with it: not when a newer connection has taken its
   *     place, and not when this replica stops. Fails when that cannot be known.
   */
  default void closed(RunnerConnection runner, Future<Boolean> gone) {}

  /**
   * The runner was taken off the list because nobody holds its daemon any more: no {@link #closed}
   * has told of that. Called on the replica that has noticed, on any thread.
   */
  default void abandoned(RunnerId runner) {}
}
