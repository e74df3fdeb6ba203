package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.local.data.RunningRelay;
import dev.agentrelay.local.demo.DemoRunners;
import dev.agentrelay.local.edge.Edge;
import dev.agentrelay.local.edge.Routes;
import dev.agentrelay.local.edge.WebUi;
import dev.agentrelay.local.suite.Build;
import dev.agentrelay.local.suite.LocalSuite;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.local.supervisor.Console;
import dev.agentrelay.local.supervisor.Supervisor;
import dev.agentrelay.testkit.stores.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One whole relay on a data folder, from its stores to its edge. */
final class Relay {
  private static final int MAX_GATEWAYS = 8;
  private static final long LEFTOVER_SECONDS = 10;

  private final Build build;
  private final Console console;
  private final DataFolder folder;
  private final int gateways;
  private final int port;
  private final Runnable afterStop;

  /**
   * @param afterStop runs when everything was stopped, as the process ends
   * @throws LauncherException when a number is out of range
   */
  Relay(
      Build build, Console console, DataFolder folder, int gateways, int port, Runnable afterStop) {
    if (gateways < 1 || gateways > MAX_GATEWAYS) {
      throw new LauncherException("--gateways takes a number from 1 to " + MAX_GATEWAYS + ".");
    }
    if (port < 1 || port > 65_535) {
      throw new LauncherException("--port takes a number from 1 to 65535.");
    }
    this.build = build;
    this.console = console;
    this.folder = folder;
    this.gateways = gateways;
    this.port = port;
    this.afterStop = afterStop;
  }

  String url() {
    return "http://localhost:" + port;
  }

  /**
   * Starts everything; it is stopped when this process ends, however start-up went.
   *
   * @throws LauncherException when something cannot be started
   */
  void start() {
    List<Edge.Pages> pages = pages();
    build.check();
    Routes routes = Routes.read(build.routes());
    folder.lock();
    if (!FreePorts.isFree(port)) {
      throw new LauncherException(
          "Port " + port + " is taken by another program; choose one with --port.");
    }
    endLeftovers();
    long began = System.nanoTime();
    RunningRelay running = RunningRelay.announce(folder, url());
    Supervisor supervisor = new Supervisor(console, running::child);
    stopAtExit(supervisor, running);

    LocalSuite suite =
        LocalSuite.start(
            supervisor,
            console,
            build,
            folder,
            System.getenv(),
            each -> each == Service.GATEWAY ? gateways : 1,
            port);
    openEdge(routes, suite, pages);
    console.took("everything", began);
  }

  private List<Edge.Pages> pages() {
    List<Edge.Pages> pages = new ArrayList<>();
    pages.add(new DemoRunners(URI.create(url())));
    webUi(System.getenv()).map(WebUi::new).ifPresent(pages::add);
    return pages;
  }

  private void openEdge(Routes routes, LocalSuite suite, List<Edge.Pages> pages) {
    boolean believeXff = !"false".equals(System.getenv("PIZZAPI_TRUST_PROXY"));
    Edge edge = Edge.start(port, routes, suite.upstreams(), pages, believeXff);
    Runtime.getRuntime().addShutdownHook(new Thread(edge::close, "close-edge"));
  }

  /** The folder of a web UI; operators know the second name. */
  static Optional<Path> webUi(Map<String, String> environment) {
    return Stream.of("RELAY_WEB_UI_DIR", "PIZZAPI_UI_DIR")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(folder -> !folder.isBlank())
        .findFirst()
        .map(Path::of);
  }

  /** Children that outlived a launcher which was killed would hold ports and data. */
  private void endLeftovers() {
    RunningRelay.launcher(folder)
        .ifPresent(
            launcher -> {
              throw new LauncherException(
                  "Process " + launcher.pid() + " still runs a relay on " + folder.path() + ".");
            });
    Map<String, ProcessHandle> leftovers = RunningRelay.children(folder);
    if (leftovers.isEmpty()) {
      return;
    }
    console.say("Ending what an earlier run left behind: " + String.join(", ", leftovers.keySet()));
    end(leftovers.values());
  }

  private void stopAtExit(Supervisor supervisor, RunningRelay running) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  console.say("Stopping");
                  supervisor.stop();
                  // Whatever was still on its way up.
                  end(ProcessHandle.current().descendants().toList());
                  running.over();
                  afterStop.run();
                  console.say("Stopped");
                },
                "stop"));
  }

  private static void end(Iterable<ProcessHandle> processes) {
    processes.forEach(ProcessHandle::destroy);
    for (ProcessHandle process : processes) {
      process
          .onExit()
          .completeOnTimeout(process, LEFTOVER_SECONDS, TimeUnit.SECONDS)
          .thenAccept(ProcessHandle::destroyForcibly)
          .join();
    }
  }
}
