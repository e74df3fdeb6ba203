package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.cluster.Mail.HoldsRunner;
import dev.agentrelay.gateway.cluster.Mail.ToRunner;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The runners whose daemons are connected to this replica, and the mail for them. Thread-safe. */
@Startup
@Singleton
public class ConnectedRunners {
  private final Map<RunnerId, RunnerConnection> runners = new ConcurrentHashMap<>();

  /** Connections whose claim may be written down already, and has not been answered yet. */
  private final Set<String> claiming = ConcurrentHashMap.newKeySet();

  private final long startedAt = System.nanoTime();
  private final long graceNanos;

  ConnectedRunners(ReplicaMail mail, GatewayConfig config) {
    this.graceNanos = config.replicaGrace().toNanos();
    mail.answer(ToRunner.class, this::deliver);
    mail.answer(HoldsRunner.class, (question, nothing) -> holds(question));
  }

  /** The newest connection of the runner to this replica. */
  public @Nullable RunnerConnection find(RunnerId id) {
    return runners.get(id);
  }

  /** Every runner that is connected to this replica. */
  Collection<RunnerConnection> all() {
    return runners.values();
  }

  /** How many runners are connected to this replica. */
  public int count() {
    return runners.size();
  }

  /** The runner's id is about to be claimed for this connection. */
  void claiming(RunnerConnection runner) {
    claiming.add(runner.connection());
  }

  /** The claim was answered, whichever way. */
  void claimed(RunnerConnection runner) {
    claiming.remove(runner.connection());
  }

  void add(RunnerConnection runner) {
    runners.put(runner.id(), runner);
  }

  void remove(RunnerConnection runner) {
    runners.remove(runner.id(), runner);
  }

  private Future<Reply> holds(HoldsRunner question) {
    RunnerConnection runner = runners.get(question.runner());
    boolean connected =
        runner != null
            && runner.connection().equals(question.connection())
            && runner.socket().isConnected();
    if (connected || claiming.contains(question.connection())) {
      return Future.succeededFuture(Reply.DONE);
    }
    // what a replica of this name held before may be on its way back
    boolean young = System.nanoTime() - startedAt < graceNanos;
    return Future.succeededFuture(young ? Reply.ABSENT : Reply.REFUSED);
  }

  private Future<Reply> deliver(ToRunner question, @Nullable RawJson argument) {
    RunnerConnection runner = runners.get(question.runner());
    if (runner == null || !runner.socket().isConnected()) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    runner
        .socket()
        .emit(question.event(), argument == null ? RawObject.empty().toJson() : argument);
    return Future.succeededFuture(Reply.DONE);
  }
}
