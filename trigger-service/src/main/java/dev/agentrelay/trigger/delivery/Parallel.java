package dev.agentrelay.trigger.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/** Work that waits, done for many at a time on virtual threads. */
public final class Parallel {
  private Parallel() {}

  /**
   * Does the work for each element, for at most so many at a time, and waits for all of them.
   *
   * @param work must not throw
   * @return the results in the order of the elements
   */
  public static <T, R> List<R> map(Collection<T> elements, int atOnce, Function<T, R> work) {
    Semaphore free = new Semaphore(atOnce);
    List<Future<R>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T element : elements) {
        free.acquireUninterruptibly();
        running.add(
            threads.submit(
                () -> {
                  try {
                    return work.apply(element);
                  } finally {
                    free.release();
                  }
                }));
      }
    }
    return running.stream().map(Future::resultNow).toList();
  }
}
