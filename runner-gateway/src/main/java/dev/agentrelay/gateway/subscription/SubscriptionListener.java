package dev.agentrelay.gateway.subscription;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.GatewayCommand.ViewerEvent;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.SubscriptionChanged;
import dev.agentrelay.gateway.cluster.RunnerLine;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.link.ChildLinks;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.gateway.runner.RunnerRecords;
import dev.agentrelay.gateway.session.SessionAudience;
import dev.agentrelay.socketio.RawJson;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.UniHelper;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Passes changes of trigger subscriptions on, one after the other: to the session's viewers, then
 * to the daemon with the next revision (sockets.md 4.17).
 */
@ApplicationScoped
class SubscriptionListener {
  private static final Logger LOG = Logger.getLogger(SubscriptionListener.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration SLOWEST_RETRY = Duration.ofSeconds(2);
  private static final Duration GIVE_UP = Duration.ofSeconds(30);

  private final ChildLinks sessions;
  private final SessionAudience audience;
  private final RunnerRecords runners;
  private final RunnerLine line;
  private final Revisions revisions;
  private final ObjectMapper json;

  SubscriptionListener(
      ChildLinks sessions,
      SessionAudience audience,
      RunnerRecords runners,
      RunnerLine line,
      Revisions revisions,
      ObjectMapper json) {
    this.sessions = sessions;
    this.audience = audience;
    this.runners = runners;
    this.line = line;
    this.revisions = revisions;
    this.json = json;
  }

  @Incoming("subscriptions")
  Uni<Void> onChanged(String text) {
    SubscriptionChanged changed;
    try {
      changed = json.readValue(text, SubscriptionChanged.class);
    } catch (JsonProcessingException e) {
      LOG.errorf("a change of subscriptions cannot be read: %s", e.getOriginalMessage());
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom()
        .deferred(() -> UniHelper.toUni(tellViewers(changed).compose(told -> tellRunner(changed))))
        .onFailure()
        .retry()
        .withBackOff(FIRST_RETRY, SLOWEST_RETRY)
        .expireIn(GIVE_UP.toMillis())
        .onFailure()
        .recoverWithUni(
            failure -> {
              LOG.errorf(
                  "Runner %s was not told of a subscription and learns of it when it registers: %s",
                  changed.runnerId(), failure.getMessage());
              return Uni.createFrom().voidItem();
            });
  }

  private Future<Void> tellViewers(SubscriptionChanged changed) {
    SessionId session = changed.sessionId();
    if (session == null) {
      return Future.succeededFuture();
    }
    return sessions
        .find(session)
        .map(
            found -> {
              if (found.filter(live -> live.user().equals(changed.userId())).isPresent()) {
                audience.emitToViewers(
                    session,
                    ViewerEvent.TRIGGER_SUBSCRIPTIONS_CHANGED.wireName(),
                    RawObject.empty()
                        .put("triggerType", changed.triggerType())
                        .put("action", changed.action().wireName()));
              }
              return null;
            });
  }

  /** A runner that is away, or somebody else's by now, is not told. */
  private Future<Void> tellRunner(SubscriptionChanged changed) {
    return runners
        .find(changed.runnerId())
        .compose(
            found -> {
              Optional<RunnerRecord> its =
                  found.filter(runner -> runner.user().equals(changed.userId()));
              return its.isEmpty() ? Future.succeededFuture() : tell(changed);
            });
  }

  private Future<Void> tell(SubscriptionChanged changed) {
    return revisions
        .next()
        .compose(
            revision -> {
              RawObject delta =
                  RawObject.empty()
                      .put("revision", revision)
                      .put("action", changed.action().wireName())
                      .put("subscription", RawJson.of(changed.subscription().value()));
              return line.emit(changed.runnerId(), "trigger_subscription_delta", delta.toJson())
                  .mapEmpty();
            });
  }
}
