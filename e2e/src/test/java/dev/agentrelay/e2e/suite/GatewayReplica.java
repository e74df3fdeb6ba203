package dev.agentrelay.e2e.suite;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.local.suite.Replica;
import dev.agentrelay.local.supervisor.ServiceProcess;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** One gateway process; after its end the supervisor starts another in its place. */
public final class GatewayReplica {
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(5);

  private final Replica replica;
  private final Map<String, ProcessHandle> processes;

  GatewayReplica(Replica replica, Map<String, ProcessHandle> processes) {
    this.replica = replica;
    this.processes = processes;
  }

  /** Its own address, past the edge. */
  public URI url() {
    return URI.create("http://" + replica.address());
  }

  /** The process that runs now, or ran last. */
  public ProcessHandle process() {
    return Objects.requireNonNull(processes.get(replica.name()));
  }

  /** Whether it wants to be sent clients. */
  public boolean isReady() {
    return ServiceProcess.isReady(replica.readiness());
  }

  /** Asks it to end, as a rolling deploy does. */
  public void terminate() {
    process().destroy();
  }

  /** Ends it as a crash does. */
  public void kill() {
    process().destroyForcibly();
  }

  /** Waits until another process than that one serves. */
  public void awaitSuccessorOf(ProcessHandle former) {
    await("the successor of " + replica.name())
        .atMost(RESTART_LIMIT)
        .until(
            () -> process().pid() != former.pid() && ServiceProcess.isReady(replica.readiness()));
  }

  @Override
  public String toString() {
    return replica.name();
  }
}
