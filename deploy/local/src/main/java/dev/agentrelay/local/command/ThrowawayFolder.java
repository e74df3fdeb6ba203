package dev.agentrelay.local.command;

import dev.agentrelay.local.data.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A data folder that goes away again. */
record ThrowawayFolder(Path path) implements AutoCloseable {

  static ThrowawayFolder create() {
    try {
      return new ThrowawayFolder(Files.createTempDirectory("agent-relay-"));
    } catch (IOException failure) {
      throw new LauncherException(
          "No temporary folder can be made: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftBehind) {
      System.err.println("Left behind: " + path + " (" + leftBehind.getMessage() + ")");
    }
  }
}
