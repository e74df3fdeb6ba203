package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.TerminalAttach;
import dev.agentrelay.gateway.cluster.Mail.TerminalLeft;
import dev.agentrelay.gateway.cluster.Mail.TerminalOutput;
import dev.agentrelay.gateway.cluster.Mail.TerminalStart;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.runner.ConnectedRunners;
import dev.agentrelay.gateway.runner.RunnerConnection;
import dev.agentrelay.gateway.runner.RunnerFeature;
import dev.agentrelay.socketio.RawJson;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The terminals of the runners that this replica holds (sockets.md 4.13). They are taken over from
 * their records when a daemon registers, so they outlive the replica that held it before.
 * Thread-safe.
 */
@Startup
@Singleton
class RunnerTerminals implements RunnerFeature {
  private static final Logger LOG = Logger.getLogger(RunnerTerminals.class);

  /** How often idle terminals are looked for. */
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private static final List<String> EVENTS =
      List.of("terminal_ready", "terminal_data", "terminal_exit", "terminal_error");

  private final ConnectedRunners runners;
  private final TerminalRecords records;
  private final ReplicaMail mail;
  private final TerminalConfig config;
  private final Vertx vertx;
  private final long sweep;
  private final Map<TerminalId, Terminal> terminals = new ConcurrentHashMap<>();
  private final Map<RunnerConnection, Daemon> daemons = new ConcurrentHashMap<>();

  /** A daemon's connection: what it has sent too much, and when its terminals are known here. */
  private record Daemon(Backlog backlog, Future<?> known) {}

  RunnerTerminals(
      ConnectedRunners runners,
      TerminalRecords records,
      ReplicaMail mail,
      TerminalConfig config,
      Vertx vertx) {
    this.runners = runners;
    this.records = records;
    this.mail = mail;
    this.config = config;
    this.vertx = vertx;
    mail.answer(TerminalStart.class, this::start);
    mail.answer(TerminalAttach.class, (question, nothing) -> attach(question));
    mail.take(TerminalLeft.class, (notice, nothing) -> left(notice));
    long period = Math.min(SWEEP.toMillis(), config.idleTtl().toMillis() / 2);
    this.sweep = vertx.setPeriodic(period, tick -> collectIdle());
  }

  @Override
  public Map<String, BiConsumer<RunnerConnection, RawObject>> events() {
    return EVENTS.stream()
        .collect(
            Collectors.toMap(
                event -> event, event -> (runner, payload) -> said(runner, event, payload)));
  }

  @Override
  public void registered(RunnerConnection runner) {
    Backlog backlog = new Backlog(runner.socket(), config.windowBytes());
    daemons.put(runner, new Daemon(backlog, adopt(runner, backlog)));
  }

  @Override
  public void closed(RunnerConnection runner, Future<Boolean> gone) {
    Daemon daemon = daemons.remove(runner);
    if (daemon == null) {
      return;
    }
    gone.onComplete(
        known -> {
          if (known.succeeded() && known.result()) {
            adopt(runner, daemon.backlog()).onComplete(adopted -> endAll(runner));
          } else {
            terminals.values().removeIf(terminal -> terminal.runner() == runner);
          }
        });
  }

  private void endAll(RunnerConnection runner) {
    for (Terminal terminal : terminals.values()) {
      if (terminal.runner() == runner && terminal.sayGone()) {
        ended(terminal);
      }
    }
  }

  /** Takes over what the records say of the runner's terminals. */
  private Future<?> adopt(RunnerConnection runner, Backlog backlog) {
    return records
        .ofRunner(runner.id())
        .compose(ids -> Future.join(ids.stream().map(id -> adopt(id, runner, backlog)).toList()))
        .onFailure(
            failure ->
                LOG.warnf(
                    "The terminals of runner %s are unknown: %s",
                    runner.id(), failure.getMessage()));
  }

  private Future<?> adopt(TerminalId id, RunnerConnection runner, Backlog backlog) {
    return Future.all(records.find(id), records.viewers(id))
        .onSuccess(
            read -> {
              Optional<TerminalRecord> record = read.resultAt(0);
              if (record.isEmpty()) {
                records.remove(id, runner.id());
              } else if (!record.get().ended() && record.get().runner().equals(runner.id())) {
                Terminal terminal = hold(id, runner, backlog);
                terminal.move(runner, backlog);
                terminal.addViewers(read.resultAt(1));
              }
            });
  }

  private Terminal hold(TerminalId id, RunnerConnection runner, Backlog backlog) {
    return terminals.computeIfAbsent(
        id, absent -> new Terminal(id, runner, backlog, config, this::show));
  }

  private Future<Boolean> show(
      ReplicaId replica, TerminalId terminal, String event, RawJson payload) {
    return mail.ask(replica, new TerminalOutput(terminal, event), payload, config.slowViewer())
        .map(reply -> reply.outcome() != Outcome.ABSENT);
  }

  private Future<Reply> start(TerminalStart question, @Nullable RawJson payload) {
    RunnerConnection runner = runners.find(question.runner());
    Daemon daemon = runner == null ? null : daemons.get(runner);
    if (runner == null || daemon == null || payload == null || !runner.socket().isConnected()) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    // held before its viewers are read: one that comes meanwhile is told of, or read
    Terminal terminal = hold(question.terminal(), runner, daemon.backlog());
    terminal.addViewers(Set.of(question.viewer()));
    return records
        .viewers(question.terminal())
        .map(
            viewers -> {
              terminal.addViewers(viewers);
              runner.socket().emit("new_terminal", payload);
              return Reply.DONE;
            });
  }

  private Future<Reply> attach(TerminalAttach question) {
    Terminal terminal = terminals.get(question.terminal());
    if (terminal == null) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    terminal.attach(question.viewer());
    if (terminal.hasEnded()) {
      collectAfter(terminal, config.seenTtl());
    }
    return Future.succeededFuture(Reply.DONE);
  }

  private void left(TerminalLeft notice) {
    Terminal terminal = terminals.get(notice.terminal());
    if (terminal == null) {
      return;
    }
    if (notice.last()) {
      terminal.detach(notice.viewer());
    }
    if (terminal.hasEnded()) {
      collect(terminal);
    }
  }

  private void said(RunnerConnection runner, String event, RawObject payload) {
    Daemon daemon = daemons.get(runner);
    String id = payload.trimmedText("terminalId");
    if (daemon == null || id == null) {
      return;
    }
    if (daemon.known().isComplete()) {
      pass(runner, new TerminalId(id), event, payload);
    } else {
      long charge = Backlog.charge(payload.toJson().length());
      daemon.backlog().add(charge);
      daemon
          .known()
          .onComplete(
              known -> {
                daemon.backlog().release(charge);
                pass(runner, new TerminalId(id), event, payload);
              });
    }
  }

  /** What a daemon says of a terminal that is not its own, or that nobody knows, is dropped. */
  private void pass(RunnerConnection runner, TerminalId id, String event, RawObject payload) {
    Terminal terminal = terminals.get(id);
    if (terminal != null && terminal.runner() == runner && terminal.say(event, payload)) {
      ended(terminal);
    }
  }

  private void ended(Terminal terminal) {
    Duration ttl = terminal.hasViewers() ? config.seenTtl() : config.endedTtl();
    records
        .end(terminal.id(), ttl)
        .onFailure(
            failure ->
                LOG.warnf(
                    "The end of terminal %s was not stored: %s",
                    terminal.id(), failure.getMessage()));
    collectAfter(terminal, ttl);
  }

  private void collectAfter(Terminal terminal, Duration delay) {
    vertx.setTimer(delay.toMillis(), tick -> collect(terminal));
  }

  private void collect(Terminal terminal) {
    if (terminals.remove(terminal.id(), terminal)) {
      records.remove(terminal.id(), terminal.runner().id());
    }
  }

  /** Keeps alive what is used, and ends what is not. */
  private void collectIdle() {
    for (Terminal terminal : terminals.values()) {
      if (terminal.hasEnded()) {
        continue;
      }
      if (terminal.wasActive()) {
        records.keep(terminal.id(), config.idleTtl());
      } else {
        records
            .exists(terminal.id())
            .onSuccess(
                exists -> {
                  if (!exists && terminals.remove(terminal.id(), terminal)) {
                    kill(terminal);
                  }
                });
      }
    }
  }

  private static void kill(Terminal terminal) {
    LOG.infof("Terminal %s was idle for too long", terminal.id());
    terminal
        .runner()
        .socket()
        .emit("kill_terminal", RawObject.empty().put("terminalId", terminal.id().value()).toJson());
  }

  @PreDestroy
  void stop() {
    vertx.cancelTimer(sweep);
  }
}
