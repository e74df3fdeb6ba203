package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.data.LauncherException;
import dev.agentrelay.local.data.RunningRelay;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./relay down}. */
@Command(
    name = "down",
    description = "Stops the relay that runs on a data folder.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  private static final long LIMIT_SECONDS = 40;

  @Mixin private DataOption data = new DataOption();

  @Override
  public Integer call() {
    DataFolder folder = DataFolder.at(data.path());
    Optional<ProcessHandle> launcher = RunningRelay.launcher(folder);
    if (launcher.isEmpty()) {
      System.out.println("Nothing runs on " + folder.path() + ".");
      return 0;
    }
    launcher.get().destroy();
    launcher
        .get()
        .onExit()
        .completeOnTimeout(launcher.get(), LIMIT_SECONDS, TimeUnit.SECONDS)
        .join();
    if (launcher.get().isAlive()) {
      throw new LauncherException(
          "The relay (process "
              + launcher.get().pid()
              + ") did not stop within "
              + LIMIT_SECONDS
              + " s; its logs are in "
              + folder.resolve("logs")
              + ".");
    }
    System.out.println("Stopped.");
    return 0;
  }
}
