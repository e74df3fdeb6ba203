package dev.agentrelay.local.suite;

import dev.agentrelay.local.data.LauncherException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The seven services, and how much heap each needs on one person's machine. */
public enum Service {
  AUTH("auth-service", 128),
  GATEWAY("runner-gateway", 256),
  SESSION("session-service", 160),
  TRIGGER("trigger-service", 128),
  WEBHOOK("webhook-service", 128),
  PUSH("push-service", 128),
  TUNNEL("tunnel-service", 96);

  /** Otherwise a machine with much memory has each JVM touch all of its heap while it starts. */
  private static final int FIRST_HEAP_MEGABYTES = 64;

  private final String module;
  private final int heapMegabytes;

  Service(String module, int heapMegabytes) {
    this.module = module;
    this.heapMegabytes = heapMegabytes;
  }

  /**
   * The service of that module.
   *
   * @throws LauncherException when there is none
   */
  public static Service of(String module) {
    return Arrays.stream(values())
        .filter(each -> each.module.equals(module))
        .findFirst()
        .orElseThrow(
            () ->
                new LauncherException(
                    "No service is named "
                        + module
                        + "; there are "
                        + Arrays.stream(values())
                            .map(Service::module)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** Its name in {@code routes.yaml}, which is its module's folder too. */
  public String module() {
    return module;
  }

  /** What its program begins with. */
  String mainClass() {
    return this == AUTH ? "dev.agentrelay.auth.AuthService" : "io.quarkus.runner.GeneratedMain";
  }

  /** Settings of its JVM that suit a machine shared with everything else. */
  List<String> jvmOptions() {
    List<String> common =
        List.of(
            "-Xms" + Math.min(heapMegabytes, FIRST_HEAP_MEGABYTES) + "m",
            "-Xmx" + heapMegabytes + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            // what the manifest of the program's jar would open, which a class path does not read
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    // These two carry every event and every byte, so they get the optimising compiler; the others
    // start faster.
    return this == GATEWAY || this == TUNNEL
        ? common
        : Stream.concat(common.stream(), Stream.of("-XX:TieredStopAtLevel=1")).toList();
  }
}
