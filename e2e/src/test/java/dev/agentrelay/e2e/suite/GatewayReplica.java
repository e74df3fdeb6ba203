package dev.agentrelay.e2e.suite;

import static org.awaitility.Awaitility.await;

import dev.agentrelay.local.suite.Replica;
import dev.agentrelay.local.supervisor.ServiceProcess;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One gateway process; after its end the supervisor starts another in its place. */
public final class GatewayReplica {
  private static final Duration RESTART_LIMIT = Duration.ofMinutes(5);

  private final Replica replica;
  private final Map<String, ProcessHandle> processes;

  /** The process that a test has ended, until another serves. */
  private volatile @Nullable ProcessHandle ended;

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
    ending().destroy();
  }

  /** Ends it as a crash does. */
  public void kill() {
    ending().destroyForcibly();
  }

  private ProcessHandle ending() {
    ProcessHandle process = process();
    ended = process;
    return process;
  }

  /** Waits until it serves again, if a test has ended it. */
  public void awaitBack() {
    ProcessHandle former = ended;
    if (former != null) {
      await("the successor of " + replica.name())
          .atMost(RESTART_LIMIT)
          .until(() -> process().pid() != former.pid() && isReady());
      ended = null;
    }
  }

  @Override
  public String toString() {
    return replica.name();
  }
}
