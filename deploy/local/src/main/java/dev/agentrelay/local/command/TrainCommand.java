package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.suite.Build;
import dev.agentrelay.local.suite.Training;
import dev.agentrelay.local.supervisor.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The build's last step; {@code ./relay} runs it by itself. */
@Command(
    name = "train",
    description = "Prepares faster starts after a build; ./relay does it by itself.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    try (ThrowawayFolder throwaway = ThrowawayFolder.create()) {
      new Training(Build.own(), new Console(System.out)).run(DataFolder.open(throwaway.path()));
    }
    return 0;
  }
}
