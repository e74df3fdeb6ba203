package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.cluster.Mail.EndWorker;
import dev.agentrelay.gateway.cluster.Mail.Holds;
import dev.agentrelay.gateway.cluster.Mail.Outcome;
import dev.agentrelay.gateway.cluster.Mail.Relinked;
import dev.agentrelay.gateway.cluster.Mail.Superseded;
import dev.agentrelay.gateway.cluster.Mail.ToWorker;
import dev.agentrelay.gateway.cluster.Mail.Watched;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.platform.metric.Bound;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.trace.Step;
import dev.agentrelay.platform.trace.Traces;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import io.opentelemetry.api.trace.SpanKind;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The sessions whose workers are connected to this replica, and the mail for them. Thread-safe. */
@Startup
@Singleton
public class OwnedSessions {
  private static final Logger LOG = Logger.getLogger(OwnedSessions.class);

  private static final String TRIGGER = "session_trigger";

  private final Map<SessionId, OwnedSession> sessions = new ConcurrentHashMap<>();

  private final Traces traces;

  OwnedSessions(ReplicaMail mail, RelayMetrics metrics, GatewayConfig config, Traces traces) {
    this.traces = traces;
    metrics.gauge(Metric.SESSIONS, sessions::size);
    metrics.gauge(Metric.RING_LAG, () -> backlogs().sum());
    metrics.bound(
        Bound.LARGEST_BACKLOG_BYTES, () -> backlogs().max().orElse(0), config.appendBacklogBytes());
    mail.answer(ToWorker.class, this::deliver);
    mail.take(Superseded.class, (notice, argument) -> superseded(notice));
    mail.take(Watched.class, (notice, argument) -> watched(notice.session()));
    mail.take(Relinked.class, (notice, argument) -> relinked(notice));
    mail.answer(Holds.class, (question, argument) -> holds(question));
    mail.answer(EndWorker.class, (question, argument) -> endWorker(question));
  }

  private LongStream backlogs() {
    return sessions.values().stream().mapToLong(OwnedSession::backlogBytes);
  }

  public @Nullable OwnedSession find(SessionId id) {
    return sessions.get(id);
  }

  /** The sessions of one user that this replica owns. */
  public List<OwnedSession> of(UserId user) {
    return sessions.values().stream().filter(session -> session.user().equals(user)).toList();
  }

  /** Every session that this replica owns. */
  Collection<OwnedSession> all() {
    return sessions.values();
  }

  /** How many sessions this replica owns. */
  public int count() {
    return sessions.size();
  }

  void add(OwnedSession session) {
    OwnedSession before = sessions.put(session.id(), session);
    if (before != null) {
      drop(before);
    }
  }

  /** Forgets the session, unless a newer registration has already taken its place. */
  void remove(OwnedSession session) {
    sessions.remove(session.id(), session);
  }

  /** Another owner has taken the session over. On the session's event loop. */
  void lost(OwnedSession session) {
    LOG.infof("Session %s is owned elsewhere now; epoch %d is over", session.id(), session.epoch());
    remove(session);
    session.end();
  }

  /** Also one whose worker has just gone: its end, or its worker, is still to come here. */
  private Future<Reply> holds(Holds question) {
    OwnedSession session = sessions.get(question.session());
    boolean held = session != null && session.epoch() == question.epoch() && !session.isOver();
    return Future.succeededFuture(held ? Reply.DONE : Reply.REFUSED);
  }

  /** The worker is asked to end itself; if it does not, its connection ends. */
  private Future<Reply> endWorker(EndWorker question) {
    OwnedSession session = sessions.get(question.session());
    if (session == null || session.isOver()) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    Socket worker = session.worker();
    worker.emit(
        "exec",
        RawObject.empty().put("id", question.commandId()).put("command", "end_session").toJson());
    worker.context().owner().setTimer(question.graceMillis(), timer -> worker.disconnectAndClose());
    return Future.succeededFuture(Reply.DONE);
  }

  private void relinked(Relinked notice) {
    OwnedSession session = sessions.get(notice.session());
    if (session != null) {
      session
          .worker()
          .context()
          .runOnContext(turn -> session.link(notice.runner(), notice.runnerName()));
    }
  }

  private void superseded(Superseded notice) {
    OwnedSession session = sessions.get(notice.session());
    if (session != null && session.epoch() < notice.epoch()) {
      remove(session);
      drop(session);
    }
  }

  /** Its worker's socket stays open; what it sends is answered as having no valid token. */
  private static void drop(OwnedSession session) {
    session.worker().context().runOnContext(turn -> session.end());
  }

  /** A viewer has opened the session somewhere, so deltas flow again at once. */
  public void watched(SessionId id) {
    OwnedSession session = sessions.get(id);
    if (session != null) {
      session.worker().context().runOnContext(turn -> session.deltas.watched());
    }
  }

  private Future<Reply> deliver(ToWorker question, @Nullable RawJson argument) {
    OwnedSession session = sessions.get(question.session());
    RawJson payload = argument == null ? RawObject.empty().toJson() : argument;
    if (session == null || session.isOver() || !session.worker().isConnected()) {
      return Future.succeededFuture(Reply.ABSENT);
    }
    boolean isTrigger = question.event().equals(TRIGGER) && question.waitMillis() > 0;
    if (isTrigger && session.isSilent()) {
      return Future.succeededFuture(Reply.LOST);
    }
    Step step = traces.follow(SpanKind.PRODUCER, question.event() + " frame", question.trace());
    long received = session.worker().packetsReceived();
    Future<Reply> reply = emit(session.worker(), question, payload);
    if (isTrigger) {
      reply.onSuccess(
          done -> {
            if (done.outcome() == Outcome.NO_ANSWER) {
              session.leaveUnanswered(received);
            }
          });
    }
    return reply.onComplete(
        done -> step.about("relay.reply", done.result().outcome().name()).end(false));
  }

  private static Future<Reply> emit(Socket worker, ToWorker question, RawJson payload) {
    if (question.waitMillis() == 0) {
      worker.emit(question.event(), payload);
      return Future.succeededFuture(Reply.DONE);
    }
    return worker
        .emitWithAck(question.event(), Duration.ofMillis(question.waitMillis()), payload)
        .map(answers -> new Reply(Outcome.DONE, answers.isEmpty() ? null : answers.get(0)))
        .otherwise(failure -> worker.isConnected() ? Reply.NO_ANSWER : Reply.LOST);
  }
}
