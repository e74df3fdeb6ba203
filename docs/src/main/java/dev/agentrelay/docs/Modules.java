package dev.agentrelay.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of the services. */
final class Modules {
  private static final String GATEWAY = "runner-gateway";

  private Modules() {}

  /**
   * @param home the folder of the whole project
   */
  static List<Path> services(Path home) {
    try (Stream<Path> folders = Files.list(home)) {
      return folders
          .filter(Files::isDirectory)
          .filter(folder -> folder.endsWith(GATEWAY) || folder.toString().endsWith("-service"))
          .sorted()
          .toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static Path sources(Path module) {
    return module.resolve("src/main/java");
  }
}
