package dev.agentrelay.gateway.runner;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.gateway.cluster.Mail.ToRunner;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The runners whose daemons are connected to this replica, and the mail for them. Thread-safe. */
@Startup
@Singleton
public class ConnectedRunners {
  private final Map<RunnerId, RunnerConnection> runners = new ConcurrentHashMap<>();

  ConnectedRunners(ReplicaMail mail) {
    mail.answer(ToRunner.class, this::deliver);
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

  void add(RunnerConnection runner) {
    runners.put(runner.id(), runner);
  }

  void remove(RunnerConnection runner) {
    runners.remove(runner.id(), runner);
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
