package dev.agentrelay.gateway.spawn;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.lifecycle.LifecycleEvents;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.RunnerLinks;
import dev.agentrelay.gateway.session.RunnerLinks.Link;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.platform.live.LiveStateReader;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Links sessions to the runners that run them, and tells the hub of links that came late
 * (sockets.md 4.2, step 5).
 */
@Singleton
class SessionLinks {
  private final RunnerLinks links;
  private final RunnerRecords runners;
  private final LiveStateReader reader;
  private final SessionAudience audience;
  private final LifecycleEvents lifecycle;

  SessionLinks(
      RunnerLinks links,
      RunnerRecords runners,
      LiveStateReader reader,
      SessionAudience audience,
      LifecycleEvents lifecycle) {
    this.links = links;
    this.runners = runners;
    this.reader = reader;
    this.audience = audience;
    this.lifecycle = lifecycle;
  }

  /**
   * Links the session; false when it is somebody else's, or runs on another runner that is
   * connected.
   */
  Future<Boolean> link(SessionId session, UserId user, RunnerId runner) {
    return UniHelper.toFuture(reader.sessionSoFar(session))
        .compose(
            live ->
                live.isPresent()
                    ? runsElsewhere(live.get(), runner)
                    : Future.succeededFuture(false))
        .compose(
            elsewhere ->
                elsewhere ? Future.succeededFuture(false) : linkHere(session, user, runner));
  }

  private Future<Boolean> runsElsewhere(LiveSession session, RunnerId runner) {
    RunnerId other = session.runnerId();
    return other == null || other.equals(runner)
        ? Future.succeededFuture(false)
        : runners.find(other).map(Optional::isPresent);
  }

  private Future<Boolean> linkHere(SessionId session, UserId user, RunnerId runner) {
    return runners
        .find(runner)
        .map(found -> found.map(RunnerRecord::name).orElse(null))
        .compose(
            name ->
                links
                    .link(session, user, runner, name)
                    .compose(
                        link ->
                            switch (link) {
                              case Link.Foreign foreign -> Future.succeededFuture(false);
                              case Link.Pending pending -> Future.succeededFuture(true);
                              case Link.Linked linked ->
                                  told(session, linked.epoch(), runner, name);
                            }));
  }

  private Future<Boolean> told(
      SessionId session, long epoch, RunnerId runner, @Nullable String name) {
    lifecycle.say(new SessionEvent.Linked(session, epoch, Instant.now(), runner, name));
    return UniHelper.toFuture(reader.sessionSoFar(session))
        .map(
            live -> {
              live.ifPresent(
                  found ->
                      audience.emitToHub(
                          found.userId(), "session_status", status(found, runner, name)));
              return true;
            });
  }

  private static RawObject status(LiveSession session, RunnerId runner, @Nullable String name) {
    Instant heartbeatAt = session.lastHeartbeatAt();
    String model = session.model();
    return RawObject.empty()
        .put("sessionId", session.sessionId().value())
        .put("isActive", session.active())
        .put("lastHeartbeatAt", heartbeatAt == null ? null : Timestamps.text(heartbeatAt))
        .put("sessionName", session.sessionName())
        .put("model", model == null ? RawJson.NULL : RawJson.of(model))
        .put("runnerId", runner.value())
        .put("runnerName", name);
  }
}
