package dev.agentrelay.gateway.command;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Lets pieces of work of one key begin in the order in which they came, each when the one before
 * has given up its turn; different keys do not wait for each other. Thread-safe.
 */
final class Lanes {
  private final Map<String, Future<Void>> tails = new HashMap<>();

  /**
   * Runs the work in its turn.
   *
   * @param work gives up its turn by completing the promise, at the latest when it is done
   */
  <T> Future<T> run(String key, Function<Promise<Void>, Future<T>> work) {
    Promise<Void> turn = Promise.promise();
    Future<Void> before;
    synchronized (this) {
      before = tails.put(key, turn.future());
    }
    turn.future().onComplete(over -> forget(key, turn.future()));
    Future<T> done =
        before == null ? begin(work, turn) : before.transform(over -> begin(work, turn));
    return done.onComplete(over -> turn.tryComplete());
  }

  private static <T> Future<T> begin(Function<Promise<Void>, Future<T>> work, Promise<Void> turn) {
    try {
      return work.apply(turn);
    } catch (RuntimeException failure) {
      return Future.failedFuture(failure);
    }
  }

  private synchronized void forget(String key, Future<Void> tail) {
    tails.remove(key, tail);
  }
}
