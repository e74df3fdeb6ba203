package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A child process whose output goes to a file and which is ready when a check says so. */
final class StoreProcess {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 25;
  private static final int SHOWN_LINES = 5;

  /** Asked again and again until it says true; failures count as "not yet". */
  interface Check {
    boolean isReady() throws Exception;
  }

  private final String name;
  private final Process process;
  private final Path log;

  private StoreProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  static StoreProcess start(String name, List<String> command, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new StoreProcess(name, process, log);
    } catch (IOException failure) {
      throw new StoreException(name + " could not be started: " + failure.getMessage(), failure);
    }
  }

  /** Runs a command to its end. */
  static void run(String name, List<String> command, Path log) {
    StoreProcess started = start(name, command, log);
    if (!started.endsWithin(READY_LIMIT)) {
      started.kill();
      throw new StoreException(name + " did not end within " + READY_LIMIT.toSeconds() + " s");
    }
    if (started.process.exitValue() != 0) {
      throw new StoreException(name + " failed: " + started.lastLines());
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Waits until the check holds; a process that ends or takes too long is an error. */
  void awaitReady(Check check) {
    long limit = System.nanoTime() + READY_LIMIT.toNanos();
    while (!holds(check)) {
      if (endsWithin(Duration.ofMillis(POLL_MILLIS))) {
        throw new StoreException(name + " ended while it started: " + lastLines());
      }
      if (System.nanoTime() > limit) {
        kill();
        throw new StoreException(
            name + " was not ready after " + READY_LIMIT.toSeconds() + " s: " + lastLines());
      }
    }
  }

  void stop() {
    process.destroy();
    awaitEnd();
  }

  void awaitEnd() {
    if (!endsWithin(STOP_LIMIT)) {
      kill();
    }
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    endsWithin(STOP_LIMIT);
  }

  private static boolean holds(Check check) {
    try {
      return check.isReady();
    } catch (Exception notYet) {
      return false;
    }
  }

  private boolean endsWithin(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new StoreException(name + " was interrupted", interrupted);
    }
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          " / ", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    } catch (IOException unreadable) {
      return "see " + log;
    }
  }
}
