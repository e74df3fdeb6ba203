package dev.agentrelay.gateway.terminal;

import dev.agentrelay.contracts.ReplicaId;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.TerminalId;
import dev.agentrelay.gateway.cluster.Mail.TerminalAttach;
import dev.agentrelay.gateway.cluster.Mail.TerminalLeft;
import dev.agentrelay.gateway.cluster.Mail.TerminalOutput;
import dev.agentrelay.gateway.cluster.Replica;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.socket.RelaySockets;
import dev.agentrelay.socketio.EncodedPacket;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The viewers of terminals that are connected to this replica. What a shell says counts as shown
 * once every viewer has room for more. Thread-safe.
 */
@Startup
@Singleton
class TerminalViewers {
  private static final Duration ATTACH_WAIT = Duration.ofSeconds(3);
  private static final Duration DRAIN_CHECK = Duration.ofMillis(5);

  private final ReplicaId self;
  private final RelaySockets sockets;
  private final TerminalRecords records;
  private final RunnerLine line;
  private final TerminalConfig config;
  private final Vertx vertx;
  private final ConcurrentMap<TerminalId, Viewed> terminals = new ConcurrentHashMap<>();

  /** A terminal with its viewers here, and the wait for the slow ones among them. */
  private static final class Viewed {
    final Set<Socket> viewers = ConcurrentHashMap.newKeySet();
    @Nullable Future<Void> draining;
  }

  TerminalViewers(
      Replica self,
      RelaySockets sockets,
      TerminalRecords records,
      RunnerLine line,
      ReplicaMail mail,
      TerminalConfig config,
      Vertx vertx) {
    this.self = self.id();
    this.sockets = sockets;
    this.records = records;
    this.line = line;
    this.config = config;
    this.vertx = vertx;
    mail.answer(TerminalOutput.class, this::show);
  }

  /** Adds a viewer; completes once it has been sent what nobody had seen. */
  Future<Void> add(TerminalRecord terminal, Socket viewer) {
    TerminalId id = terminal.id();
    Viewed viewed =
        terminals.compute(
            id,
            (key, present) -> {
              Viewed kept = present == null ? new Viewed() : present;
              kept.viewers.add(viewer);
              return kept;
            });
    viewer.onDisconnect(reason -> remove(id, terminal.runner(), viewed, viewer));
    return records
        .addViewer(id, self)
        .compose(added -> records.keep(id, terminal.ended() ? config.seenTtl() : config.idleTtl()))
        .compose(
            kept -> line.ask(terminal.runner(), new TerminalAttach(id, self), null, ATTACH_WAIT))
        .mapEmpty();
  }

  private void remove(TerminalId id, RunnerId runner, Viewed viewed, Socket viewer) {
    boolean last =
        terminals.computeIfPresent(
                id,
                (key, present) -> {
                  viewed.viewers.remove(viewer);
                  if (viewed.viewers.isEmpty()) {
                    records.removeViewer(id, self);
                    return null;
                  }
                  return present;
                })
            == null;
    line.tell(runner, new TerminalLeft(id, self, last));
  }

  private Future<Reply> show(TerminalOutput output, @Nullable RawJson payload) {
    Viewed viewed = terminals.get(output.terminal());
    if (viewed == null || payload == null) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    EncodedPacket packet = sockets.terminal().encode(output.event(), payload);
    viewed.viewers.forEach(viewer -> viewer.emit(packet));
    return drained(viewed).map(done -> Reply.DONE);
  }

  /** Completes once no viewer has too much waiting for it; one that never takes it is closed. */
  private Future<Void> drained(Viewed viewed) {
    synchronized (viewed) {
      if (viewed.draining != null) {
        return viewed.draining;
      }
      if (viewed.viewers.stream().noneMatch(this::isFull)) {
        return Future.succeededFuture();
      }
      Promise<Void> promise = Promise.promise();
      viewed.draining = promise.future();
      long deadline = System.nanoTime() + config.slowViewer().toNanos();
      vertx.setPeriodic(
          DRAIN_CHECK.toMillis(),
          timer -> {
            if (System.nanoTime() > deadline) {
              viewed.viewers.stream().filter(this::isFull).forEach(Socket::closeTransport);
            } else if (viewed.viewers.stream().anyMatch(this::isFull)) {
              return;
            }
            vertx.cancelTimer(timer);
            synchronized (viewed) {
              viewed.draining = null;
            }
            promise.complete();
          });
      return promise.future();
    }
  }

  private boolean isFull(Socket viewer) {
    return viewer.bufferedBytes() > config.windowBytes();
  }
}
