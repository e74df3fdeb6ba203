package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.cluster.Mail.TerminalOutput;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerFeature;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Ends the terminals of runners that are gone together with the replica that held them, so that
 * nobody types into nothing (sockets.md 4.13, step 7).
 */
@Singleton
class AbandonedTerminals implements RunnerFeature {
  private static final Logger LOG = Logger.getLogger(AbandonedTerminals.class);

  private final TerminalRecords records;
  private final ReplicaMail mail;
  private final TerminalConfig config;

  AbandonedTerminals(TerminalRecords records, ReplicaMail mail, TerminalConfig config) {
    this.records = records;
    this.mail = mail;
    this.config = config;
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    return Map.of();
  }

  @Override
  public void abandoned(RunnerId runner) {
    records
        .ofRunner(runner)
        .compose(ids -> Future.join(ids.stream().map(id -> end(id, runner)).toList()))
        .onFailure(
            failure ->
                LOG.warnf(
                    "Viewers of terminals of runner %s were not told its end: %s",
                    runner, failure.getMessage()));
  }

  private Future<?> end(TerminalId id, RunnerId runner) {
    return records
        .viewers(id)
        .compose(
            replicas -> {
              records.remove(id, runner);
              return tell(id, replicas);
            });
  }

  private CompositeFuture tell(TerminalId id, Set<ReplicaId> replicas) {
    TerminalOutput output = new TerminalOutput(id, Terminal.EXIT);
    RawJson exit = Terminal.typed(Terminal.EXIT, Terminal.gone(id));
    return Future.join(
        replicas.stream()
            .map(replica -> mail.ask(replica, output, exit, config.slowViewer()))
            .toList());
  }
}
