package dev.agentrelay.testkit.stores;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Makes and removes whole folders. */
final class TemporaryFolders {
  private TemporaryFolders() {}

  static Path create(String name) {
    try {
      return Files.createTempDirectory("agent-relay-" + name);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      folder.toFile().deleteOnExit();
    }
  }
}
