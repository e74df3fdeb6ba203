package dev.agentrelay.e2e.suite;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.local.supervisor.Supervisor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** One process of the suite, a store or a service, that a test ends, starts and stops in time. */
public final class Part {
  private static final Duration END_LIMIT = Duration.ofSeconds(60);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  private final String name;
  private final Path data;
  private final Map<String, ProcessHandle> processes;
  private final Supervisor supervisor;

  Part(String name, Path data, Map<String, ProcessHandle> processes, Supervisor supervisor) {
    this.name = name;
    this.data = data;
    this.processes = processes;
    this.supervisor = supervisor;
  }

  /** Ends it as a crash does; it stays down. */
  public void kill() {
    supervisor.hold(name);
    process().destroyForcibly();
    awaitEnd();
  }

  /** Asks it to end, as a rolling deploy does, and waits for that; it stays down. */
  public void terminate() {
    supervisor.hold(name);
    process().destroy();
    awaitEnd();
  }

  /** Starts it after {@link #kill} or {@link #terminate} and returns once it serves. */
  public void start() {
    ProcessHandle former = process();
    supervisor.release(name);
    await(name + " is back").atMost(START_LIMIT).until(() -> process().pid() != former.pid());
  }

  /** Starts it if it is down. */
  public void ensureUp() {
    if (!process().isAlive()) {
      start();
    }
  }

  /** Deletes everything that a store has written, while it is down. */
  public void forget() {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }

  /** Keeps a copy of everything that a store has written, while it is down. */
  public void backUp() {
    run("rm", "-rf", backup());
    run("cp", "-a", data.toString(), backup());
  }

  /** Gives a store that forgot back what it had at {@link #backUp}. */
  public void restore() {
    run("cp", "-a", backup() + "/.", data.toString());
  }

  private String backup() {
    return data + "-backup";
  }

  /** Stops it in the middle of whatever it does; its connections stay. */
  public void pause() {
    signal("-STOP");
  }

  /** Lets it go on after {@link #pause}. */
  public void resume() {
    signal("-CONT");
  }

  public ProcessHandle process() {
    return Objects.requireNonNull(processes.get(name));
  }

  private void awaitEnd() {
    await(name + " ends").atMost(END_LIMIT).until(() -> !process().isAlive());
  }

  private void signal(String signal) {
    run("kill", signal, Long.toString(process().pid()));
  }

  private static void run(String... command) {
    try {
      int status = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (status != 0) {
        throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
