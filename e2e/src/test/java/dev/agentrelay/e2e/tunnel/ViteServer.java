package dev.agentrelay.e2e.tunnel;

import dev.agentrelay.e2e.npm.NpmPackage;
import dev.agentrelay.testkit.stores.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A Vite dev server on a small project of its own. */
final class ViteServer implements AutoCloseable {
  private static final String VERSION = "7.1.12";

  private final Path project;
  private final int port = FreePorts.next();
  private final Process process;

  private ViteServer(Path vite) throws IOException {
    project = Files.createTempDirectory("agent-relay-vite");
    Files.writeString(
        project.resolve("index.html"),
        "<!DOCTYPE html><p id='text'></p><script type='module' src='/main.js'></script>");
    Files.writeString(
        project.resolve("main.js"),
        """
        import "./style.css";
        import { text } from "./text.js";
        const show = value => { document.getElementById("text").textContent = value };
        show(text);
        import.meta.hot.accept("./text.js", changed => show(changed.text));
        """);
    Files.writeString(project.resolve("style.css"), "#text { background: url(/dot.svg) }");
    write("before");
    Path log = Files.createDirectories(Path.of("target", "suite-logs")).resolve("vite.log");
    process =
        new ProcessBuilder(
                "node",
                vite.resolve("node_modules/vite/bin/vite.js").toString(),
                project.toString(),
                "--host=127.0.0.1",
                "--strictPort",
                "--port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
  }

  /** Starts one, installed once by npm; the test is skipped, loudly, where npm cannot. */
  static ViteServer start() throws IOException {
    return new ViteServer(NpmPackage.of("vite", VERSION).folder());
  }

  int port() {
    return port;
  }

  /** Edits the module that the page shows. */
  void write(String text) throws IOException {
    Files.writeString(project.resolve("text.js"), "export const text = '" + text + "';\n");
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join(); // or it goes on writing what is deleted here
    try (Stream<Path> files = Files.walk(project)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
