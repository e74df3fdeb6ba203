package dev.agentrelay.push.web;

import dev.agentrelay.push.PushConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up, each once at a time: a name server that hangs holds one thread for each of its
 * names, however many deliveries wait for it. The JDK remembers answers for half a minute.
 */
@ApplicationScoped
class HostAddresses {
  private static final int IDLE_SECONDS = 30;

  private final Map<String, CompletableFuture<InetAddress[]>> asked = new ConcurrentHashMap<>();
  private final Executor threads;

  HostAddresses(PushConfig config) {
    // a look-up is native code, in which a virtual thread would hold its carrier
    threads =
        new ThreadPoolExecutor(
            0,
            config.concurrency(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("dns-", 0).factory());
  }

  /** All addresses of a name, at least one. Blocks. */
  InetAddress[] of(String name, long withinMillis)
      throws ExecutionException, TimeoutException, InterruptedException {
    CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
    CompletableFuture<InetAddress[]> known = asked.putIfAbsent(name, mine);
    if (known != null) {
      return known.get(withinMillis, TimeUnit.MILLISECONDS);
    }
    try {
      threads.execute(() -> lookUp(name, mine));
    } catch (RejectedExecutionException tooManyHang) {
      asked.remove(name);
      mine.completeExceptionally(tooManyHang);
    }
    return mine.get(withinMillis, TimeUnit.MILLISECONDS);
  }

  private void lookUp(String name, CompletableFuture<InetAddress[]> answer) {
    try {
      answer.complete(InetAddress.getAllByName(name));
    } catch (UnknownHostException | RuntimeException unknown) {
      answer.completeExceptionally(unknown);
    } finally {
      asked.remove(name);
    }
  }
}
