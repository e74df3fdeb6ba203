package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.config.GatewayConfig;
import dev.agentrelay.gateway.eventlog.EventLog;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each event of a worker changes and who sees it (sockets.md 4.4.2). Runs on the event
 * loop of the worker's socket, in order of arrival; nothing here waits. What others see, they see
 * once Redis has it.
 */
@Singleton
public class EventPipeline {
  private static final Set<String> DELTAS = Set.of("message_update", "tool_execution_update");
  private static final Set<String> CHANGES_STATE =
      Stream.concat(
              Stream.of(
                  "session_active",
                  "session_messages_chunk",
                  "heartbeat",
                  "session_metadata_update",
                  "capabilities"),
              MetaState.types().stream())
          .collect(Collectors.toUnmodifiableSet());
  private static final Duration TOUCH_EVERY = Duration.ofSeconds(2);

  private final SessionAudience audience;
  private final SessionActivity activity;
  private final EventLog log;
  private final GatewayConfig config;

  EventPipeline(
      SessionAudience audience, SessionActivity activity, EventLog log, GatewayConfig config) {
    this.audience = audience;
    this.activity = activity;
    this.log = log;
    this.config = config;
  }

  /**
   * Takes one event.
   *
   * @param acknowledge runs once the event, and all before it, cannot be lost any more
   */
  public void accept(OwnedSession session, RawJson json, Runnable acknowledge) {
    String type = RawObject.peekText(json, "type");
    if (log.keeps(type)) {
      take(session, type, json, both(acknowledge, () -> addToLog(session, type, json)));
    } else {
      take(session, type, json, acknowledge);
    }
  }

  private void addToLog(OwnedSession session, @Nullable String type, RawJson json) {
    log.add(session.id(), session.user(), session.epoch(), session.nextLogNumber(), type, json);
  }

  private void take(
      OwnedSession session, @Nullable String type, RawJson json, Runnable acknowledge) {
    // most events are ordinary ones, and need not be taken apart
    RawObject event = type != null && CHANGES_STATE.contains(type) ? RawObject.parse(json) : null;
    if (type != null && DELTAS.contains(type)) {
      delta(session, json, acknowledge);
    } else if (type == null || event == null) {
      publish(session, json, Kind.KEPT, touch(session), acknowledge);
    } else {
      changeState(session, type, event, json, acknowledge);
    }
  }

  private void changeState(
      OwnedSession session, String type, RawObject event, RawJson json, Runnable acknowledge) {
    switch (type) {
      case "session_active" -> sessionActive(session, event, json, acknowledge);
      case "session_messages_chunk" ->
          publish(session, json, Kind.TOLD_ONLY, touch(session), acknowledge);
      case "heartbeat" -> heartbeat(session, event, json, acknowledge);
      case "session_metadata_update" -> metadata(session, event, json, acknowledge);
      case "capabilities" -> {
        session.overlay.applyCapabilities(event);
        publish(session, json, Kind.KEPT, overlay(session, touch(session)), acknowledge);
      }
      default -> {
        if (MetaState.isMetaEvent(type, event)) {
          metaEvent(session, type, event, acknowledge);
        } else {
          publish(session, json, Kind.KEPT, touch(session), acknowledge);
        }
      }
    }
  }

  private void sessionActive(
      OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    RawObject state = event.object("state");
    Map<SessionField, String> fields = touch(session);
    if (state == null) {
      publish(session, json, Kind.KEPT, fields, acknowledge);
    } else if (state.isTrue("chunked")) {
      // the header has no messages; the chunks that follow carry them
      publish(session, json, Kind.TOLD_ONLY, fields, acknowledge);
    } else {
      session.overlay.clear();
      boolean renamed = rename(session, state, fields);
      Runnable stored = renamed ? () -> audience.tellStatus(session) : () -> {};
      publish(session, json, Kind.SNAPSHOT, overlay(session, fields), both(stored, acknowledge));
    }
  }

  private void heartbeat(
      OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    Map<SessionField, String> fields = touch(session);
    OwnedSession.Busyness busyness = session.busyness;
    Instant now = Instant.now();
    boolean active = event.isTrue("active");
    String model = model(event.get("model"));
    boolean changed = active != busyness.active || !Objects.equals(model, busyness.model);
    busyness.active = active;
    busyness.model = model;
    busyness.heartbeatAt = now;
    changed |= rename(session, event, fields);
    fields.put(SessionField.ACTIVE, active ? "1" : "0");
    fields.put(SessionField.HEARTBEAT_AT, Long.toString(now.toEpochMilli()));
    fields.put(SessionField.HEARTBEAT, json.toString());
    if (model != null) {
      fields.put(SessionField.MODEL, model);
    }
    Runnable stored = changed ? () -> audience.tellStatus(session) : () -> {};
    if (!event.isTrue("_slim")) {
      session.meta.applyHeartbeat(event);
      RawJson snapshot = session.meta.toJson();
      fields.put(SessionField.META, snapshot.toString());
      stored = both(() -> audience.tellMetaSnapshot(session, snapshot), stored);
    }
    publish(session, json, Kind.KEPT, fields, both(stored, acknowledge));
  }

  private void metadata(OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    Map<SessionField, String> fields = touch(session);
    RawObject metadata = event.object("metadata");
    if (metadata != null) {
      session.meta.applyMetadata(metadata);
      session.overlay.applyMetadata(metadata);
      fields.put(SessionField.META, session.meta.toJson().toString());
      rename(session, metadata, fields);
      String file = metadata.text("sessionFile");
      if (file != null) {
        fields.put(SessionField.SESSION_FILE, file);
      }
      overlay(session, fields);
    }
    publish(session, json, Kind.TOLD_ONLY, fields, acknowledge);
  }

  private void metaEvent(OwnedSession session, String type, RawObject event, Runnable acknowledge) {
    session.meta.applyMetaEvent(type, event);
    long version = session.meta.version();
    Map<SessionField, String> fields = touch(session);
    fields.put(SessionField.META, session.meta.toJson().toString());
    Runnable stored = () -> audience.tellMetaEvent(session, version, event);
    session.writer().append(new Append(null, fields, both(stored, acknowledge)));
  }

  private void delta(OwnedSession session, RawJson json, Runnable acknowledge) {
    if (!session.deltas.publishes(audience.localViewers(session.id()), System.nanoTime())) {
      session.writer().append(Append.marker(acknowledge));
      return;
    }
    session.deltas.awaitCount();
    publish(session, json, Kind.KEPT, touch(session), acknowledge);
  }

  private void publish(
      OwnedSession session,
      RawJson json,
      Kind kind,
      Map<SessionField, String> fields,
      Runnable stored) {
    long seq = session.nextSeq();
    Runnable told =
        () -> {
          session.stored(seq);
          stored.run();
          audience.tellViewers(session.id(), seq, json);
        };
    session.writer().append(new Append(new Append.Event(seq, kind, json), fields, told));
  }

  /** Prolongs the session's life, not more often than every two seconds. */
  private Map<SessionField, String> touch(OwnedSession session) {
    Map<SessionField, String> fields = new EnumMap<>(SessionField.class);
    long now = System.currentTimeMillis();
    if (now - session.activity.touchedAt >= TOUCH_EVERY.toMillis()) {
      session.activity.touchedAt = now;
      if (session.ephemeral()) {
        fields.put(SessionField.EXPIRES_AT, Long.toString(now + config.ephemeralTtl().toMillis()));
      }
      activity.seen(session, now);
    }
    return fields;
  }

  private static Map<SessionField, String> overlay(
      OwnedSession session, Map<SessionField, String> fields) {
    fields.put(SessionField.OVERLAY, session.overlay.toJson().toString());
    return fields;
  }

  /**
   * Takes over a name where the member is present; a blank one is none. Says whether it changed.
   */
  private boolean rename(OwnedSession session, RawObject source, Map<SessionField, String> fields) {
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

  private static Runnable both(Runnable first, Runnable second) {
    return () -> {
      first.run();
      second.run();
    };
  }
}
