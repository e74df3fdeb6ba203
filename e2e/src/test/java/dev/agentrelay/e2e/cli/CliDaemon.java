package dev.agentrelay.e2e.cli;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.testkit.clients.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A runner daemon of the published CLI in a home folder of its own. */
final class CliDaemon implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  private final Path home;
  private final Process process;

  private CliDaemon(Path home, Process process) {
    this.home = home;
    this.process = process;
  }

  /** Starts the daemon for that person; it is on the list of runners some seconds later. */
  static CliDaemon start(Path program, URI relay, Account owner, String name, ScriptedModel model)
      throws IOException {
    Path home = Files.createTempDirectory("agent-relay-cli");
    Path config = Files.createDirectories(home.resolve(".pizzapi"));
    Path work = Files.createDirectories(home.resolve("work"));
    Files.writeString(
        config.resolve("config.json"),
        Json.object(
                "apiKey",
                owner.apiKey(),
                "relayUrl",
                "ws://127.0.0.1:" + relay.getPort(),
                "slowStartupWarning",
                false,
                "sandbox",
                Json.object("mode", "none"))
            .toString());
    Files.writeString(config.resolve("models.json"), model.provider().toString());
    Path log = Files.createDirectories(Path.of("target", "suite-logs")).resolve("cli-daemon.log");
    ProcessBuilder builder =
        new ProcessBuilder(program.toString(), "runner")
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    String path = System.getenv("PATH");
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME",
                home.toString(),
                "PATH",
                path == null ? "" : path,
                "PIZZAPI_RUNNER_NAME",
                name,
                // the daemon's own services read neither from its configuration
                "PIZZAPI_API_KEY",
                owner.apiKey(),
                "PIZZAPI_RELAY_URL",
                "ws://127.0.0.1:" + relay.getPort(),
                "PIZZAPI_WORKSPACE_ROOTS",
                work.toString()));
    return new CliDaemon(home, builder.start());
  }

  /** The folder its sessions may work in. */
  String workFolder() {
    return home.resolve("work").toString();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks it to stop; the launcher script would not pass that on, so all of them are asked. */
  void stop() {
    process.descendants().forEach(ProcessHandle::destroy);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    List<ProcessHandle> family = process.descendants().toList();
    stop();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    for (ProcessHandle member : family) {
      member.destroyForcibly();
      member.onExit().orTimeout(STOP_SECONDS, TimeUnit.SECONDS).join();
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
