package dev.agentrelay.gateway.children;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.cluster.Reply;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.cluster.WorkerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.link.LinkedSession;
import dev.agentrelay.gateway.session.EndCause;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.session.SessionEnding;
import dev.agentrelay.gateway.session.WorkerPresence;
import dev.agentrelay.gateway.trigger.Answers;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.socketio.Acknowledgement;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/** A parent is done with a child and has it ended (sockets.md 4.12). */
@Singleton
class ChildCleanup implements WorkerFeature {
  private static final Logger LOG = Logger.getLogger(ChildCleanup.class);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final ChildLinks links;
  private final WorkerLine workers;
  private final RunnerLine runners;
  private final LiveStateReader reader;
  private final WorkerPresence presence;
  private final SessionEnding ending;
  private final Vertx vertx;

  ChildCleanup(
      ChildLinks links,
      WorkerLine workers,
      RunnerLine runners,
      LiveStateReader reader,
      WorkerPresence presence,
      SessionEnding ending,
      Vertx vertx) {
    this.links = links;
    this.workers = workers;
    this.runners = runners;
    this.reader = reader;
    this.presence = presence;
    this.ending = ending;
    this.vertx = vertx;
  }

  @Override
  public Map<String, Handler> events() {
    return Map.of("cleanup_child_session", this::cleanUp);
  }

  private void cleanUp(OwnedSession parent, RawObject payload, Acknowledgement ack) {
    String named = payload.trimmedText("childSessionId");
    if (named == null) {
      Answers.failed(ack, "Missing childSessionId");
      return;
    }
    SessionId child = new SessionId(named);
    links
        .find(child)
        .compose(
            found ->
                found.isPresent()
                    ? judge(parent, found.get(), ack)
                    : links
                        .forget(parent.id(), child)
                        .map(
                            forgotten -> {
                              Answers.ok(ack);
                              return null;
                            }))
        .onFailure(
            failure -> {
              LOG.warnf("Child %s was not cleaned up: %s", child, failure.getMessage());
              Answers.failed(ack, "Failed to clean up child session");
            });
  }

  private Future<Void> judge(OwnedSession parent, LinkedSession child, Acknowledgement ack) {
    return isParent(parent, child)
        .compose(
            its -> {
              if (!its) {
                Answers.error(parent, Answers.SENDER_NO_PARENT);
                Answers.failed(ack, Answers.SENDER_NO_PARENT);
                return Future.succeededFuture();
              }
              return end(parent.id(), child, ack);
            });
  }

  private Future<Boolean> isParent(OwnedSession parent, LinkedSession child) {
    if (!child.user().equals(parent.user())) {
      return Future.succeededFuture(false);
    }
    return child.names(parent.id())
        ? Future.succeededFuture(true)
        : links.isInSet(parent.id(), child.id());
  }

  private Future<Void> end(SessionId parent, LinkedSession child, Acknowledgement ack) {
    RawObject kill = RawObject.empty().put("sessionId", child.id().value());
    Future<Reply> killed =
        child.runner() == null
            ? Future.succeededFuture(Reply.ABSENT)
            : runners.emit(child.runner(), "kill_session", kill.toJson());
    RawObject exec =
        RawObject.empty()
            .put("id", "cleanup-" + child.id() + "-" + System.currentTimeMillis())
            .put("command", "end_session");
    Future<Reply> asked = workers.emit(child.id(), "exec", exec.toJson());
    return Future.join(killed, asked)
        .transform(done -> links.forget(parent, child.id()))
        .compose(forgotten -> endAbandoned(child.id()))
        .compose(judged -> awaitEnd(child.id(), System.nanoTime()))
        .map(
            ended -> {
              RawObject answer = RawObject.empty().put("ok", true);
              ack.send((ended ? answer : answer.put("pending", true)).toJson());
              return null;
            });
  }

  /** A child that certainly nobody holds has no disconnect that would end it. */
  private Future<Void> endAbandoned(SessionId child) {
    return UniHelper.toFuture(reader.session(child))
        .compose(
            found ->
                found
                    .map(
                        live ->
                            presence
                                .mayBeHeld(live)
                                .compose(
                                    held ->
                                        held
                                            ? Future.<Void>succeededFuture()
                                            : ending.endAbandoned(live, EndCause.ACKNOWLEDGED)))
                    .orElse(Future.succeededFuture()));
  }

  /** Whether the child's record goes away in time, with its worker's own disconnect. */
  private Future<Boolean> awaitEnd(SessionId child, long since) {
    return links
        .find(child)
        .compose(
            found -> {
              if (found.isEmpty()) {
                return Future.succeededFuture(true);
              }
              if (System.nanoTime() - since > WAIT.toNanos()) {
                return Future.succeededFuture(false);
              }
              Promise<Void> pause = Promise.promise();
              vertx.setTimer(LOOK_AGAIN.toMillis(), tick -> pause.complete());
              return pause.future().compose(again -> awaitEnd(child, since));
            });
  }
}
