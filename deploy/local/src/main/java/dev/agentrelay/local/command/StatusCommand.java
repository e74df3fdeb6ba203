package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.RunningRelay;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./relay status}. */
@Command(
    name = "status",
    description = "Says what runs on a data folder; the exit code is 0 when a relay does.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() {
    DataFolder folder = DataFolder.at(data.path());
    Optional<ProcessHandle> launcher = RunningRelay.launcher(folder);
    if (launcher.isEmpty()) {
      System.out.println("Nothing runs on " + folder.path() + ".");
      return 3;
    }
    System.out.println(
        "Agent Relay runs at "
            + RunningRelay.url(folder).orElse("?")
            + " (process "
            + launcher.get().pid()
            + ", data "
            + folder.path()
            + ")");
    RunningRelay.children(folder)
        .forEach((name, process) -> System.out.printf("  %-20s process %d%n", name, process.pid()));
    return 0;
  }
}
