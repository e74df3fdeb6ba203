package dev.agentrelay.benchmarks.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux says that a process uses. */
public final class ProcessUse {
  /** USER_HZ, which every Linux ABI fixes at 100. */
  private static final int TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;

  private ProcessUse() {}

  /** CPU time, user and system, of all threads since the process started. */
  public static Duration cpu(long pid) {
    return parseCpu(read("/proc/" + pid + "/stat"));
  }

  /**
   * CPU time that was not idle or waiting: what all processes together have used, and what the host
   * of a virtual machine gave to others while a process here wanted it.
   */
  public static Duration cpuOfMachine() {
    return parseCpuOfMachine(read("/proc/stat"));
  }

  /** Resident memory in bytes. */
  public static long residentBytes(long pid) {
    return parseKilobytes(read("/proc/" + pid + "/status"), "VmRSS:") * 1024;
  }

  /** The machine's memory in bytes. */
  public static long memoryOfMachine() {
    return parseKilobytes(read("/proc/meminfo"), "MemTotal:") * 1024;
  }

  static Duration parseCpu(String stat) {
    // the command may hold blanks and parentheses, so fields are counted after its end
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return ticks(Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]));
  }

  static Duration parseCpuOfMachine(String stat) {
    String[] fields = stat.lines().findFirst().orElseThrow().split(" +");
    long busy = 0;
    // user nice system idle iowait irq softirq steal
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      busy += Long.parseLong(fields[field]);
    }
    return ticks(busy);
  }

  static long parseKilobytes(String lines, String name) {
    return lines
        .lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.split("\\s+")[1])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }

  private static Duration ticks(long ticks) {
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException failure) {
      throw new UncheckedIOException("The benchmarks need Linux with a readable " + file, failure);
    }
  }
}
