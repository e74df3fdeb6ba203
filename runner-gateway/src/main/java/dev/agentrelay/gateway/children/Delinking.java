package dev.agentrelay.gateway.children;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.trigger.Answers;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A parent lets go of its children, because its conversation starts anew (sockets.md 4.11). The
 * parent of a child that is there and does not confirm is told to try again.
 */
@Singleton
class Delinking implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(Delinking.class);
  private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(1);
  private static final String UNCONFIRMED = "Some children have not confirmed the delink";

  private final ChildLinks links;
  private final WorkerLine workers;

  Delinking(ChildLinks links, WorkerLine workers) {
    this.links = links;
    this.workers = workers;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("delink_children", this::delink);
  }

  private void delink(OwnedSession parent, RawObject payload, Acknowledgement ack) {
    Long epoch = payload.number("epoch");
    links
        .delinkable(parent.id())
        .compose(candidates -> chosen(parent.id(), candidates, epoch))
        .compose(
            children ->
                links
                    .delink(parent.id(), children)
                    .compose(marked -> tellAll(parent.id(), children)))
        .onSuccess(
            all -> {
              if (all) {
                Answers.ok(ack);
              } else {
                Answers.failed(ack, UNCONFIRMED);
              }
            })
        .onFailure(
            failure -> {
              LOG.warnf(
                  "The children of session %s were not delinked: %s",
                  parent.id(), failure.getMessage());
              Answers.failed(ack, "Failed to delink children");
            });
  }

  /** All candidates, or those that were there before {@code epoch} or are marked already. */
  private Future<List<SessionId>> chosen(
      SessionId parent, Set<SessionId> candidates, @Nullable Long epoch) {
    if (epoch == null) {
      return Future.succeededFuture(List.copyOf(candidates));
    }
    Map<SessionId, Future<Boolean>> belonging = new LinkedHashMap<>();
    candidates.forEach(child -> belonging.put(child, belongs(parent, child, epoch)));
    return Future.all(List.copyOf(belonging.values())).map(all -> those(belonging));
  }

  /** The children of which it is true; every question has been answered. */
  private static List<SessionId> those(Map<SessionId, Future<Boolean>> answers) {
    return answers.entrySet().stream()
        .filter(answer -> Boolean.TRUE.equals(answer.getValue().result()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private Future<Boolean> belongs(SessionId parent, SessionId child, long epoch) {
    return links
        .find(child)
        .compose(
            found -> {
              Optional<LinkedSession> later =
                  found.filter(live -> live.startedAt().toEpochMilli() > epoch);
              return later.isEmpty()
                  ? Future.succeededFuture(true)
                  : links.isDelinked(parent, child);
            });
  }

  /** Whether every child that is there has confirmed. */
  private Future<Boolean> tellAll(SessionId parent, Collection<SessionId> children) {
    Map<SessionId, Future<Boolean>> told = new LinkedHashMap<>();
    children.forEach(child -> told.put(child, tell(parent, child)));
    return Future.join(List.copyOf(told.values()))
        .transform(
            all -> {
              List<SessionId> confirmed = those(told);
              return links
                  .heard(parent, confirmed)
                  .map(heard -> confirmed.size() == children.size());
            });
  }

  private Future<Boolean> tell(SessionId parent, SessionId child) {
    RawObject payload = RawObject.empty().put("parentSessionId", parent.value());
    return workers
        .ask(child, "parent_delinked", payload.toJson(), CONFIRM_WITHIN)
        .map(Delinking::isConfirmed);
  }

  /** A child that nobody holds needs no telling: the marker waits for it. */
  private static boolean isConfirmed(Reply reply) {
    return switch (reply.outcome()) {
      case ABSENT -> true;
      case DONE -> {
        RawObject answer = RawObject.parse(reply.value());
        yield !JsonValues.isLiteral(reply.value(), "false")
            && (answer == null || !answer.isFalse("ok"));
      }
      case NO_ANSWER, LOST, REFUSED -> false;
    };
  }
}
