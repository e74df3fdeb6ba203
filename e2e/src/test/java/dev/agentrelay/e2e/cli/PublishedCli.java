package dev.agentrelay.e2e.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** The published CLI, installed once by npm into the user's cache folder. */
final class PublishedCli {
  private static final String VERSION = "0.5.7";
  private static final long INSTALL_SECONDS = 180;

  private PublishedCli() {}

  /**
   * The program.
   *
   * @throws TestAbortedException when npm or its registry is out of reach; said on standard error
   *     too
   */
  static Path program() {
    Path folder = cache().resolve("agent-relay").resolve("pizza-" + VERSION);
    Path program = folder.resolve("node_modules/.bin/pizza");
    if (!Files.exists(program)) {
      install(folder);
    }
    return Files.exists(program) ? program : skip("npm installed no program at " + program);
  }

  private static void install(Path folder) {
    System.err.println("Installing the published CLI " + VERSION + " into " + folder);
    try {
      Files.createDirectories(folder);
      Path log = Files.createTempFile("npm-install", ".log");
      Process npm =
          new ProcessBuilder(
                  "npm",
                  "install",
                  "--prefix",
                  folder.toString(),
                  "--no-audit",
                  "--no-fund",
                  "--loglevel=error",
                  "@pizzapi/pizza@" + VERSION)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
        skip("npm took longer than " + INSTALL_SECONDS + " s");
      }
      String output = Files.readString(log).strip();
      Files.delete(log);
      if (npm.exitValue() != 0) {
        skip("npm could not install it: " + output);
      }
    } catch (IOException missing) {
      skip("npm cannot be run: " + missing.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      skip("interrupted while npm ran");
    }
  }

  private static Path skip(String reason) {
    String message = "SKIPPED: the published CLI " + VERSION + " was not tested, " + reason;
    System.err.println("=".repeat(80));
    System.err.println(message);
    System.err.println("=".repeat(80));
    throw new TestAbortedException(message);
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
        .filter(given -> !given.isBlank())
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
  }
}
