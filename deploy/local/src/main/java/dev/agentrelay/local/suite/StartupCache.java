package dev.agentrelay.local.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A JDK's cache of loaded classes for one program, which halves its start-up. It lies beside the
 * program and counts only while it is newer than it.
 *
 * @param program the jar it belongs to
 * @param file the cache
 */
record StartupCache(Path program, Path file) {
  private static final int FIRST_WITH_AOT = 25;

  static StartupCache of(Path program, String name) {
    return new StartupCache(
        program, program.resolveSibling(name + "-" + Runtime.version() + ".aot"));
  }

  boolean isFresh() {
    try {
      return Files.exists(file)
          && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(program)) >= 0;
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** JVM options for a run that uses the cache; an older JDK fills its archive as it goes. */
  List<String> use() {
    if (Runtime.version().feature() < FIRST_WITH_AOT) {
      return List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + file);
    }
    return isFresh()
        ? List.of("-XX:AOTCache=" + file, "-Xlog:aot=off", "-Xlog:cds=off")
        : List.of();
  }

  /**
   * JVM options for a run that writes the cache at its end. The optimising compiler is left out:
   * what it did would be done again at each start, and takes longer than the start itself.
   */
  List<String> train() {
    return List.of(
        "-XX:AOTCacheOutput=" + file, "-XX:TieredStopAtLevel=1", "-Xlog:aot=off", "-Xlog:cds=off");
  }

  /** Older JDKs need no training run. */
  static boolean needsTraining() {
    return Runtime.version().feature() >= FIRST_WITH_AOT;
  }
}
