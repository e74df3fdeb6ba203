package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.suite.Build;
import dev.agentrelay.local.supervisor.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./relay demo}. */
@Command(
    name = "demo",
    description = {
      "Starts everything on a throwaway folder with an account, a runner whose agent is scripted,",
      "and one session; prints what a viewer of it receives until Ctrl-C."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      defaultValue = "${env:PORT:-7492}",
      description = "the one public port, on loopback (default: PORT, else 7492)")
  private int port;

  @Override
  public Integer call() {
    Console console = new Console(System.out);
    ThrowawayFolder throwaway = ThrowawayFolder.create();
    Relay relay =
        new Relay(
            Build.own(), console, DataFolder.open(throwaway.path()), 1, port, throwaway::close);
    relay.start();
    new Demo(console, relay.url()).run();
    return 0;
  }
}
