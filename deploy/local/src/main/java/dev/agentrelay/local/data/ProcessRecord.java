package dev.agentrelay.local.data;

import java.util.Optional;

/**
 * A process by id and start time, so that another process that got the same id later is never taken
 * for it.
 *
 * @param started milliseconds since the epoch, as the system tells it
 */
public record ProcessRecord(long id, long started) {

  public static ProcessRecord of(ProcessHandle process) {
    return new ProcessRecord(process.pid(), startOf(process));
  }

  /** The process, if it still lives. */
  public Optional<ProcessHandle> find() {
    return ProcessHandle.of(id)
        .filter(ProcessHandle::isAlive)
        .filter(process -> startOf(process) == started);
  }

  static Optional<ProcessRecord> parse(String text) {
    String[] parts = text.split("@", -1);
    try {
      return parts.length == 2
          ? Optional.of(new ProcessRecord(Long.parseLong(parts[0]), Long.parseLong(parts[1])))
          : Optional.empty();
    } catch (NumberFormatException broken) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return id + "@" + started;
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(start -> start.toEpochMilli()).orElse(0L);
  }
}
