package dev.agentrelay.gateway.children;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.trigger.Answers;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.socketio.Acknowledgement;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How many children a worker has, and its own leaving of its parent (sockets.md 3.1, 4.11). */
@Singleton
class Children implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(Children.class);
  private static final String STORE_AWAY = "Service temporarily unavailable";

  private final ChildLinks links;

  Children(ChildLinks links) {
    this.links = links;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("get_linked_child_count", this::count, "delink_own_parent", this::leave);
  }

  /** Only children that are live and whose records still name this parent. */
  private void count(OwnedSession parent, RawObject payload, Acknowledgement ack) {
    links
        .children(parent.id())
        .compose(
            children -> {
              List<Future<Optional<LinkedSession>>> reads =
                  children.stream().map(links::find).toList();
              return Future.all(reads)
                  .map(
                      all ->
                          reads.stream()
                              .flatMap(read -> read.result().stream())
                              .filter(child -> child.names(parent.id()))
                              .count());
            })
        .onSuccess(
            count -> ack.send(RawObject.empty().put("ok", true).put("count", count).toJson()))
        .onFailure(failure -> failed(parent, ack, failure));
  }

  private void leave(OwnedSession child, RawObject payload, Acknowledgement ack) {
    String named = payload.trimmedText("oldParentId");
    links
        .find(child.id())
        .compose(
            found ->
                links
                    .clearParent(child.id())
                    .compose(cleared -> leaveSets(child.id(), found, named)))
        .onSuccess(left -> child.worker().context().runOnContext(turn -> left(child, ack)))
        .onFailure(failure -> failed(child, ack, failure));
  }

  /** Neither notices nor a Redis that is told again name the parent from now on. */
  private static void left(OwnedSession child, Acknowledgement ack) {
    child.leaveParent();
    Answers.ok(ack);
  }

  private Future<Void> leaveSets(
      SessionId child, Optional<LinkedSession> record, @Nullable String named) {
    SessionId parent = record.map(LinkedSession::parent).orElse(null);
    SessionId away = record.map(LinkedSession::awayParent).orElse(null);
    Future<Void> left = parent == null ? Future.succeededFuture() : links.forget(parent, child);
    if (away != null) {
      return left.compose(done -> links.forget(away, child));
    }
    return parent == null && named != null
        ? left.compose(done -> links.forget(new SessionId(named), child))
        : left;
  }

  /** A session that has said goodbye is nobody's child any more. */
  @Override
  public void ending(OwnedSession session) {
    links
        .find(session.id())
        .onSuccess(
            found -> {
              found.map(LinkedSession::parent).ifPresent(parent -> forget(parent, session.id()));
              found
                  .map(LinkedSession::awayParent)
                  .ifPresent(parent -> forget(parent, session.id()));
            });
  }

  private void forget(SessionId parent, SessionId child) {
    links
        .forget(parent, child)
        .onFailure(
            failure ->
                LOG.warnf("%s stays a child of %s: %s", child, parent, failure.getMessage()));
  }

  private static void failed(OwnedSession session, Acknowledgement ack, Throwable failure) {
    LOG.warnf("Session %s was not served: %s", session.id(), failure.getMessage());
    Answers.failed(ack, STORE_AWAY);
  }
}
