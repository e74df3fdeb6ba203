package dev.agentrelay.e2e.npm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A published package, installed once by npm into the user's cache folder. */
public final class NpmPackage {
  private static final long INSTALL_SECONDS = 180;

  private final String name;
  private final String version;

  private NpmPackage(String name, String version) {
    this.name = name;
    this.version = version;
  }

  public static NpmPackage of(String name, String version) {
    return new NpmPackage(name, version);
  }

  /**
   * The folder with its {@code node_modules}.
   *
   * @throws TestAbortedException when npm or its registry is out of reach; said on standard error
   *     too
   */
  public Path folder() {
    String last = name.substring(name.lastIndexOf('/') + 1);
    Path folder = cache().resolve("agent-relay").resolve(last + "-" + version);
    Path installed = folder.resolve("node_modules").resolve(name);
    synchronized (NpmPackage.class) {
      if (!Files.exists(installed)) {
        install(folder);
      }
    }
    return Files.exists(installed) ? folder : skip("npm installed nothing at " + installed);
  }

  private void install(Path folder) {
    System.err.println("Installing " + name + " " + version + " into " + folder);
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
                  name + "@" + version)
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

  private Path skip(String reason) {
    String message = "SKIPPED: " + name + " " + version + " was not used, " + reason;
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
