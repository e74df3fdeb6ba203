package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.RawJson;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Numbers an event, has it stored with what it changes of the record, and tells viewers then. On
 * the event loop of the session's worker.
 */
@Singleton
class EventPublisher {
  private static final Duration TOUCH_EVERY = Duration.ofSeconds(2);

  /** One event in so many is timed. */
  private static final int SAMPLED = 64;

  private final SessionAudience audience;
  private final SessionActivity activity;
  private final GatewayConfig config;
  private final SharedClock clock;
  private final Timer latency;

  EventPublisher(
      SessionAudience audience,
      SessionActivity activity,
      GatewayConfig config,
      RelayMetrics metrics,
      SharedClock clock) {
    this.audience = audience;
    this.activity = activity;
    this.config = config;
    this.clock = clock;
    this.latency = metrics.timer(Metric.DELIVERY_LATENCY);
  }

  /**
   * Gives the event the next number and tells viewers once it is stored.
   *
   * @param stored runs before viewers are told
   */
  void publish(
      OwnedSession session,
      RawJson json,
      Kind kind,
      Map<SessionField, String> fields,
      Runnable stored) {
    long seq = session.nextSeq();
    long began = seq % SAMPLED == 0 ? System.nanoTime() : 0;
    Runnable told =
        () -> {
          session.stored(seq);
          stored.run();
          audience.tellViewers(session, seq, json);
          if (began != 0) {
            latency.record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
          }
        };
    session.append(new Append(new Append.Event(seq, kind, json), fields, told));
  }

  /** An ordinary event: kept, told, and a sign of life. */
  void publish(OwnedSession session, RawJson json, Runnable stored) {
    publish(session, json, Kind.KEPT, touch(session), stored);
  }

  /** Prolongs the session's life, not more often than every two seconds. */
  Map<SessionField, String> touch(OwnedSession session) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    long now = clock.millis();
    if (now - session.activity.touchedAt >= TOUCH_EVERY.toMillis()) {
      session.activity.touchedAt = now;
      if (session.ephemeral()) {
        fields.put(SessionField.EXPIRES_AT, Long.toString(now + config.ephemeralTtl().toMillis()));
      }
      activity.seen(session, now);
    }
    return fields;
  }

  /** Takes over a name where the member is there; a blank one is none. Says whether it changed. */
  boolean rename(OwnedSession session, RawObject source, Map<SessionField, String> fields) {
    if (!source.has("sessionName")) {
      return false;
    }
    String name = source.trimmedText("sessionName");
    if (Objects.equals(name, session.busyness.name)) {
      return false;
    }
    session.busyness.name = name;
    fields.put(SessionField.NAME, name == null ? "" : name);
    activity.renamed(session);
    return true;
  }

  /** What to do when a step is stored that may have changed what the hub's list shows. */
  Runnable tellStatusIf(boolean changed, OwnedSession session) {
    return changed ? () -> audience.tellStatus(session) : () -> {};
  }

  static Map<SessionField, String> withOverlay(
      OwnedSession session, Map<SessionField, String> fields) {
    fields.put(SessionField.OVERLAY, session.overlay.toJson().toString());
    return fields;
  }

  static Runnable both(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }
}
