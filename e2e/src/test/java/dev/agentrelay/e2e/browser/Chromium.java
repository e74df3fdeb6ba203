package dev.agentrelay.e2e.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The machine's own Chromium, started once for all tests of a thread and for that thread only. */
public final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Containers run tests as root, which the sandbox refuses; nobody is there to press play. */
  private static final List<String> OPTIONS =
      List.of("--no-sandbox", "--mute-audio", "--autoplay-policy=no-user-gesture-required");

  private static final ThreadLocal<@Nullable Browser> RUNNING = new ThreadLocal<>();

  private Chromium() {}

  /** The browser; the test is skipped, loudly, where there is none. */
  public static Browser running() {
    Browser running = RUNNING.get();
    if (running == null) {
      running = launch();
      RUNNING.set(running);
    }
    return running;
  }

  private static Browser launch() {
    Optional<Path> program = program();
    if (program.isEmpty()) {
      String why = "SKIPPED: no Chromium on the PATH, so nothing is tested in a browser";
      System.err.println(why);
      Assumptions.abort(why);
    }
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Runtime.getRuntime().addShutdownHook(new Thread(playwright::close, "close-chromium"));
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions()
                .setExecutablePath(program.orElseThrow())
                .setArgs(OPTIONS));
  }

  private static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
