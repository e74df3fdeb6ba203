package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes and removes whole folders. */
public final class TemporaryFolders {
  private TemporaryFolders() {}

  /** A new folder for what its name says. */
  public static Path create(String name) {
    try {
      return Files.createTempDirectory("agent-relay-" + name);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Deletes a folder with all that is in it; what cannot be deleted now is left to the JVM's end.
   */
  public static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      folder.toFile().deleteOnExit();
    }
  }
}
