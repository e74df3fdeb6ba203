package dev.agentrelay.gateway.session;

import static dev.agentrelay.gateway.session.EventPublisher.both;
import static dev.agentrelay.gateway.session.EventPublisher.withOverlay;

import dev.agentrelay.gateway.attachment.ImageExtraction;
import dev.agentrelay.gateway.cluster.Mail.Said;
import dev.agentrelay.gateway.cluster.ReplicaMail;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.notice.AgentNotices;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.metric.Metric;
import dev.agentrelay.platform.metric.RelayMetrics;
import dev.agentrelay.socketio.RawJson;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each event of a worker changes and who sees it (sockets.md 4.4.2). Runs on the event
 * loop of the worker's socket, in order of arrival; nothing here blocks. What others see, they see
 * once Redis has it.
 */
@Singleton
public class EventPipeline {
  private static final Set<String> DELTAS = Set.of("message_update", "tool_execution_update");
  private static final Set<String> MESSAGE_ENDS = Set.of("message_end", "turn_end");
  private static final Set<String> CARRIES_MESSAGES =
      Set.of("session_active", "session_messages_chunk", "agent_end");
  private static final Set<String> CHANGES_STATE =
      Stream.of(
              CARRIES_MESSAGES,
              Set.of("heartbeat", "session_metadata_update", "capabilities"),
              MetaState.types())
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final EventPublisher publisher;
  private final HeartbeatEvents heartbeats;
  private final SnapshotEvents snapshots;
  private final ImageExtraction images;
  private final SessionAudience audience;
  private final AgentNotices notices;
  private final EventQuota quota;
  private final LongAdder events;

  EventPipeline(
      EventPublisher publisher,
      HeartbeatEvents heartbeats,
      SnapshotEvents snapshots,
      ImageExtraction images,
      SessionAudience audience,
      AgentNotices notices,
      EventQuota quota,
      OwnedSessions owned,
      ReplicaMail mail,
      RelayMetrics metrics) {
    this.publisher = publisher;
    this.heartbeats = heartbeats;
    this.snapshots = snapshots;
    this.images = images;
    this.audience = audience;
    this.notices = notices;
    this.quota = quota;
    this.events = metrics.counter(Metric.EVENTS);
    mail.take(
        Said.class,
        (notice, event) -> {
          OwnedSession session = owned.find(notice.session());
          if (session != null && event != null) {
            session
                .worker()
                .context()
                .runOnContext(turn -> publisher.publish(session, event, () -> {}));
          }
        });
  }

  /**
   * Takes one event.
   *
   * @param acknowledge runs once the event, and all before it, cannot be lost any more
   */
  public void accept(OwnedSession session, RawJson json, Runnable acknowledge) {
    events.increment();
    quota.count(session);
    session.inOrder(() -> take(session, json, acknowledge));
  }

  /**
   * Takes a number without an event: to acknowledge it acknowledges all before it.
   *
   * @param acknowledge runs once none of those can be lost any more
   */
  public void skip(OwnedSession session, Runnable acknowledge) {
    session.inOrder(() -> session.writer().append(Append.marker(acknowledge)));
  }

  private void take(OwnedSession session, RawJson json, Runnable acknowledge) {
    String type = RawObject.peekText(json, "type");
    if (type != null && CARRIES_MESSAGES.contains(type) && images.mayHaveImages(json)) {
      withoutImages(session, type, json, acknowledge);
    } else {
      process(session, type, json, acknowledge);
    }
  }

  /** The images go to the attachments first; everything behind the event waits for it. */
  private void withoutImages(
      OwnedSession session, String type, RawJson json, Runnable acknowledge) {
    session.hold();
    images
        .extract(session.user(), session.id(), session.epoch(), json)
        .onSuccess(
            event ->
                session
                    .worker()
                    .context()
                    .runOnContext(
                        turn -> {
                          process(session, type, event, acknowledge);
                          session.release();
                        }));
  }

  private void process(
      OwnedSession session, @Nullable String type, RawJson json, Runnable acknowledge) {
    if (session.isOver()) {
      return;
    }
    // most events are ordinary ones, and need not be taken apart
    boolean apart =
        type != null && (CHANGES_STATE.contains(type) || AgentNotices.mayTell(type, json));
    RawObject event = apart ? RawObject.ofChecked(json) : null;
    if (type != null && event != null) {
      notices.observe(type, event, () -> session.about(session.lastSeq() + 1));
    }
    Runnable stored =
        session.log().keeps(type)
            ? both(acknowledge, () -> session.log().add(type, json))
            : acknowledge;
    if (type != null && DELTAS.contains(type)) {
      delta(session, json, stored);
    } else if (type != null && MESSAGE_ENDS.contains(type)) {
      publisher.publish(session, session.thinking.bakeInto(json), stored);
    } else if (type == null || event == null) {
      publisher.publish(session, json, stored);
    } else {
      changeState(session, type, event, json, stored);
    }
  }

  private void changeState(
      OwnedSession session, String type, RawObject event, RawJson json, Runnable acknowledge) {
    switch (type) {
      case "session_active" -> snapshots.sessionActive(session, event, json, acknowledge);
      case "session_messages_chunk" -> snapshots.chunk(session, event, json, acknowledge);
      case "agent_end" -> snapshots.agentEnd(session, event, json, acknowledge);
      case "heartbeat" -> heartbeats.heartbeat(session, event, json, acknowledge);
      case "session_metadata_update" -> metadata(session, event, json, acknowledge);
      case "capabilities" -> {
        session.assembly.patch(session.overlay.applyCapabilities(event));
        publisher.publish(
            session, json, Kind.KEPT, withOverlay(session, publisher.touch(session)), acknowledge);
      }
      default -> {
        if (MetaState.isMetaEvent(type, event)) {
          metaEvent(session, type, event, acknowledge);
        } else {
          publisher.publish(session, json, acknowledge);
        }
      }
    }
  }

  private void metadata(OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    Map<SessionField, String> fields = publisher.touch(session);
    RawObject metadata = event.object("metadata");
    boolean renamed = false;
    if (metadata != null) {
      session.meta.applyMetadata(metadata);
      session.assembly.patch(session.overlay.applyMetadata(metadata));
      fields.put(SessionField.META, session.meta.toJson().toString());
      renamed = publisher.rename(session, metadata, fields);
      String file = metadata.text("sessionFile");
      if (file != null) {
        fields.put(SessionField.SESSION_FILE, file);
      }
      withOverlay(session, fields);
    }
    Runnable stored = both(publisher.tellStatusIf(renamed, session), acknowledge);
    publisher.publish(session, json, Kind.TOLD_ONLY, fields, stored);
  }

  private void metaEvent(OwnedSession session, String type, RawObject event, Runnable acknowledge) {
    session.meta.applyMetaEvent(type, event);
    long version = session.meta.version();
    Map<SessionField, String> fields = publisher.touch(session);
    fields.put(SessionField.META, session.meta.toJson().toString());
    Runnable stored = () -> audience.tellMetaEvent(session, version, event);
    session.append(new Append(null, fields, both(stored, acknowledge)));
  }

  private void delta(OwnedSession session, RawJson json, Runnable acknowledge) {
    long now = System.nanoTime();
    session.thinking.track(json, now);
    if (!session.deltas.publishes(audience.localViewers(session.id()), now)) {
      session.writer().append(Append.marker(acknowledge));
      return;
    }
    session.deltas.awaitCount();
    publisher.publish(session, json, acknowledge);
  }
}
