package dev.agentrelay.local.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Starts children, restarts those that die, stops them group by group: the last group started is
 * the first one stopped. Thread-safe.
 */
public final class Supervisor {
  private static final int MAX_RESTARTS_IN_A_ROW = 10;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration STEADY = Duration.ofMinutes(1);

  private final Console console;
  private final BiConsumer<String, ProcessHandle> onStarted;
  private final Duration steadyAfter;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Map<String, Child>> groups = new ArrayList<>();
  private final Map<String, Runnable> held = new HashMap<>();
  private final Set<Thread> starting = new HashSet<>();
  private boolean stopping;

  /**
   * @param onStarted told each child's name and process, again after a restart
   */
  public Supervisor(Console console, BiConsumer<String, ProcessHandle> onStarted) {
    this(console, onStarted, STEADY);
  }

  /**
   * The same with children that are expected to die.
   *
   * @param steadyAfter how long a child has to live for its end to count as the first in a row,
   *     after which it is started again soonest
   */
  public Supervisor(
      Console console, BiConsumer<String, ProcessHandle> onStarted, Duration steadyAfter) {
    this.console = console;
    this.onStarted = onStarted;
    this.steadyAfter = steadyAfter;
  }

  /**
   * Starts a group side by side and waits until all are ready.
   *
   * @param starters each returns once its child serves
   * @throws RuntimeException the first failure, after the others have come to an end
   */
  public void start(Map<String, Supplier<? extends Child>> starters) {
    Map<String, Child> group = new LinkedHashMap<>();
    synchronized (this) {
      groups.add(group);
    }
    List<CompletableFuture<Void>> starting = new ArrayList<>();
    starters.forEach(
        (name, starter) ->
            starting.add(
                CompletableFuture.runAsync(
                    () -> {
                      long began = System.nanoTime();
                      run(group, name, starter, 0);
                      console.took(name, began);
                    },
                    threads)));
    CompletableFuture<Void> all =
        CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new));
    try {
      all.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof RuntimeException cause ? cause : failure;
    }
  }

  /** Leaves a child down when it ends, until it is released. */
  public synchronized void hold(String name) {
    held.putIfAbsent(name, () -> {});
  }

  /** Starts a child that was held and has ended, in the background and without a pause. */
  public synchronized void release(String name) {
    Runnable start = held.remove(name);
    if (start != null) {
      threads.execute(start);
    }
  }

  /** Stops every child, the youngest group first, the members of a group side by side. */
  public void stop() {
    List<Map<String, Child>> youngestFirst;
    synchronized (this) {
      stopping = true;
      starting.forEach(Thread::interrupt);
      youngestFirst = groups.reversed();
    }
    awaitNoneStarting();
    for (Map<String, Child> group : youngestFirst) {
      Collection<Child> members;
      synchronized (this) {
        members = List.copyOf(group.values());
      }
      CompletableFuture.allOf(
              members.stream()
                  .map(child -> CompletableFuture.runAsync(child::stop, threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    }
  }

  /** A starter that is interrupted leaves nothing running. */
  private synchronized void awaitNoneStarting() {
    long end = System.nanoTime() + LONGEST_PAUSE.toNanos();
    try {
      while (!starting.isEmpty() && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private Child started(Supplier<? extends Child> starter) {
    Thread self = Thread.currentThread();
    synchronized (this) {
      starting.add(self);
    }
    try {
      return starter.get();
    } finally {
      synchronized (this) {
        starting.remove(self);
        notifyAll();
      }
    }
  }

  private void run(
      Map<String, Child> group, String name, Supplier<? extends Child> starter, int restarts) {
    Child child = started(starter);
    boolean late;
    synchronized (this) {
      group.put(name, child);
      late = stopping;
    }
    if (late) {
      child.stop();
      return;
    }
    onStarted.accept(name, child.process());
    long began = System.nanoTime();
    var unused =
        child
            .process()
            .onExit()
            .thenRunAsync(
                () -> {
                  boolean steady = System.nanoTime() - began > steadyAfter.toNanos();
                  restart(group, name, starter, steady ? 0 : restarts);
                },
                threads);
  }

  private void restart(
      Map<String, Child> group, String name, Supplier<? extends Child> starter, int restarts) {
    if (isStopping() || isHeld(name, () -> startAgain(group, name, starter, 0))) {
      return;
    }
    if (restarts == MAX_RESTARTS_IN_A_ROW) {
      console.say(name + " ended again and is left alone; see its log, then restart the relay");
      return;
    }
    long pause = Math.min(LONGEST_PAUSE.toSeconds(), 1L << Math.min(restarts, 10));
    console.say(name + " ended, starting it again in " + pause + " s");
    CompletableFuture.delayedExecutor(pause, TimeUnit.SECONDS, threads)
        .execute(() -> startAgain(group, name, starter, restarts));
  }

  private void startAgain(
      Map<String, Child> group, String name, Supplier<? extends Child> starter, int restarts) {
    if (isStopping()) {
      return;
    }
    try {
      run(group, name, starter, restarts + 1);
      console.say(name + " is back");
    } catch (RuntimeException failure) {
      console.say(String.valueOf(failure.getMessage()));
      restart(group, name, starter, restarts + 1);
    }
  }

  private synchronized boolean isHeld(String name, Runnable start) {
    return held.computeIfPresent(name, (same, earlier) -> start) != null;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }
}
