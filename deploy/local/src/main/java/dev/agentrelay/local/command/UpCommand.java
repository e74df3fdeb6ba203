package dev.agentrelay.local.command;

import dev.agentrelay.local.data.DataFolder;
import dev.agentrelay.local.suite.Build;
import dev.agentrelay.local.suite.Service;
import dev.agentrelay.local.supervisor.Console;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./relay up}. */
@Command(
    name = "up",
    description = "Starts everything and stays until Ctrl-C or `relay down`.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many replicas of the runner gateway, 1 to 8 (default: 1)")
  private int gateways;

  @Option(
      names = "--port",
      defaultValue = "${env:PORT:-7492}",
      description = "the one public port, on loopback (default: PORT, else 7492)")
  private int port;

  @Option(
      names = "--dev",
      paramLabel = "SERVICE",
      description =
          "run that service from its sources: a change of them shows at the next request, and a"
              + " debugger may connect at port "
              + Build.DEBUG_PORT)
  private @Nullable String developed;

  @Override
  public Integer call() throws InterruptedException {
    Console console = new Console(System.out);
    Build build = developed == null ? Build.own() : Build.own().developing(Service.of(developed));
    Relay relay = new Relay(build, console, DataFolder.open(data.path()), gateways, port, () -> {});
    relay.start();
    console.say("");
    console.say("Agent Relay is ready at " + relay.url());
    console.say("");
    console.say("  Create an account; the answer holds your API key:");
    console.say("    curl -X POST " + relay.url() + "/api/register \\");
    console.say("      -H 'Content-Type: application/json' \\");
    console.say(
        "      -d '{\"name\":\"You\",\"email\":\"you@example.com\","
            + "\"password\":\"Choose-1-good-one\"}'");
    console.say("  Connect a runner: run `pizzapi setup` where the agent is, with the relay");
    console.say("  " + relay.url() + ", then `pizzapi runner`.");
    console.say("");
    console.say("  Logs: " + data.path().resolve("logs") + "   Stop: Ctrl-C or ./relay down");
    // Ends with the process: the shutdown hook stops everything.
    new CountDownLatch(1).await();
    return 0;
  }
}
