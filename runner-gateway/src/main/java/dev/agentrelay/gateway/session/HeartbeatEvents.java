package dev.agentrelay.gateway.session;

import static dev.agentrelay.gateway.session.EventPublisher.both;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A worker's regular sign of life (sockets.md 4.4.3). On the event loop of the session's worker.
 */
@Singleton
class HeartbeatEvents {
  private static final Duration REFRESH_LINK_EVERY = Duration.ofHours(1);

  private final EventPublisher publisher;
  private final SessionAudience audience;
  private final RunnerLinks links;
  private final SharedClock clock;

  HeartbeatEvents(
      EventPublisher publisher, SessionAudience audience, RunnerLinks links, SharedClock clock) {
    this.publisher = publisher;
    this.audience = audience;
    this.links = links;
    this.clock = clock;
  }

  void heartbeat(OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    Map<SessionField, String> fields = publisher.touch(session);
    OwnedSession.Busyness busyness = session.busyness;
    Instant now = clock.instant();
    boolean active = event.isTrue("active");
    String model = model(event.get("model"));
    boolean changed = active != busyness.active || !Objects.equals(model, busyness.model);
    busyness.active = active;
    busyness.model = model;
    busyness.heartbeatAt = now;
    changed |= publisher.rename(session, event, fields);
    fields.put(SessionField.ACTIVE, active ? "1" : "0");
    fields.put(SessionField.HEARTBEAT_AT, Long.toString(now.toEpochMilli()));
    fields.put(SessionField.HEARTBEAT, json.toString());
    fields.put(SessionField.MODEL, model == null ? "" : model);
    refreshLink(session, now.toEpochMilli());
    Runnable stored = publisher.tellStatusIf(changed, session);
    if (!event.isTrue("_slim")) {
      session.meta.applyHeartbeat(event);
      RawJson snapshot = session.meta.toJson();
      fields.put(SessionField.META, snapshot.toString());
      stored = both(() -> audience.tellMetaSnapshot(session, snapshot), stored);
    }
    publisher.publish(session, json, Kind.KEPT, fields, both(stored, acknowledge));
  }

  /** The link to the runner outlives the session by a day; it is not to run out before its end. */
  private void refreshLink(OwnedSession session, long now) {
    if (now - session.activity.linkRefreshedAt >= REFRESH_LINK_EVERY.toMillis()) {
      session.activity.linkRefreshedAt = now;
      links.prolongLink(session.id());
    }
  }

  /** The model as lists show it: provider, id and name. */
  private static @Nullable String model(@Nullable RawJson json) {
    RawObject model = RawObject.parse(json);
    if (model == null) {
      return null;
    }
    RawObject shown = RawObject.empty();
    for (String member : new String[] {"provider", "id", "name"}) {
      RawJson value = model.get(member);
      if (value != null && !JsonValues.isNull(value)) {
        shown.put(member, value);
      }
    }
    return shown.toString();
  }
}
