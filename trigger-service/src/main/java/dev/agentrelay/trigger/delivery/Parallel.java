package dev.agentrelay.trigger.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.MDC;

/** Work that waits, done for many at a time on virtual threads, all with the same log ids. */
public final class Parallel {
  private Parallel() {}

  /**
   * Does the work for each element, for at most so many at a time, and waits for all of them.
   *
   * @return the results in the order of the elements
   * @throws RuntimeException what the first that failed has thrown, once all are done
   */
  public static <T, R> List<R> map(Collection<T> elements, int atOnce, Function<T, R> work) {
    Semaphore free = new Semaphore(atOnce);
    Map<String, Object> logIds = Map.copyOf(MDC.getMap());
    List<Future<R>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T element : elements) {
        free.acquireUninterruptibly();
        running.add(
            threads.submit(
                () -> {
                  try {
                    logIds.forEach(MDC::put);
                    return work.apply(element);
                  } finally {
                    free.release();
                  }
                }));
      }
    }
    return running.stream().map(Parallel::result).toList();
  }

  private static <R> R result(Future<R> done) {
    if (done.state() == Future.State.SUCCESS) {
      return done.resultNow();
    }
    Throwable why = done.exceptionNow();
    throw why instanceof RuntimeException known ? known : new IllegalStateException(why);
  }
}
