package dev.agentrelay.benchmarks.suite;

import java.util.regex.Pattern;

/**
 * What a JVM holds once its garbage is collected. Its resident memory alone would not do: a heap
 * that was full once stays resident, so that what is put into it later seems to cost nothing.
 *
 * @param residentBytes of the whole process
 * @param liveBytes of the objects in the heap
 */
public record Memory(long residentBytes, long liveBytes) {

  /** A generation's line of {@code jcmd GC.heap_info}; that of classes has no total. */
  private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");

  static Memory of(long residentBytes, String heapInfo) {
    long kibibytes =
        GENERATION
            .matcher(heapInfo)
            .results()
            .mapToLong(generation -> Long.parseLong(generation.group(1)))
            .sum();
    if (kibibytes == 0) {
      throw new IllegalArgumentException("No heap is described by: " + heapInfo);
    }
    return new Memory(residentBytes, kibibytes * 1024);
  }

  /** By how many bytes it has grown, in the heap or as a whole, whichever is more. */
  public long growthSince(Memory before) {
    return Math.max(residentGrowthSince(before), liveBytes - before.liveBytes);
  }

  /** By how many bytes the process has grown as a whole. */
  public long residentGrowthSince(Memory before) {
    return residentBytes - before.residentBytes;
  }
}
