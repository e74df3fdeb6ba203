package dev.agentrelay.gateway.session;

import static dev.agentrelay.gateway.session.EventPublisher.both;
import static dev.agentrelay.gateway.session.EventPublisher.withOverlay;

import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.ring.Append.Kind;
import dev.agentrelay.gateway.ring.PiecedText;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.platform.time.SharedClock;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Events that carry a transcript, whole or in chunks, so that viewers can start from them
 * (sockets.md 4.4.2, 4.4.4). On the event loop of the session's worker.
 */
@Singleton
class SnapshotEvents {
  private static final Logger LOG = Logger.getLogger(SnapshotEvents.class);
  private static final Duration CHUNKS_STALE_AFTER = Duration.ofSeconds(10);
  private static final String NO_CHUNKS = "0";

  private final EventPublisher publisher;
  private final SharedClock clock;

  SnapshotEvents(EventPublisher publisher, SharedClock clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  void sessionActive(OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    RawObject state = event.object("state");
    Map<SessionField, String> fields = publisher.touch(session);
    if (state == null) {
      publisher.publish(session, json, Kind.KEPT, fields, acknowledge);
    } else if (state.isTrue("chunked")) {
      session.assembly.begin(state, textFor(session));
      fields.put(SessionField.CHUNKS_UNTIL, staleAt());
      publisher.publish(session, json, Kind.TOLD_ONLY, fields, acknowledge);
    } else {
      if (session.assembly.isPending()) {
        session.assembly.discard();
        fields.put(SessionField.CHUNKS_UNTIL, NO_CHUNKS);
      }
      session.overlay.clear();
      boolean renamed = publisher.rename(session, state, fields);
      Runnable stored = both(publisher.tellStatusIf(renamed, session), acknowledge);
      publishSnapshot(session, json, withOverlay(session, fields), stored);
    }
  }

  /** A large one is stored in pieces, and before it is told: viewers may ask for it then. */
  private void publishSnapshot(
      OwnedSession session, RawJson json, Map<SessionField, String> fields, Runnable stored) {
    if (!PiecedText.isWorthwhileFor(json)) {
      publisher.publish(session, json, Kind.SNAPSHOT, fields, stored);
      return;
    }
    PiecedText text = textFor(session);
    Buffer whole = Buffer.buffer(json.length());
    whole.appendBytes(json.array(), json.offset(), json.length());
    text.append(whole).forEach(piece -> session.append(Append.piece(piece)));
    session.append(new Append(kept(session, text.reference()), fields, () -> {}));
    publisher.publish(session, json, Kind.TOLD_ONLY, Map.of(), stored);
  }

  /** Its name tells a snapshot from all others of the session. */
  private static PiecedText textFor(OwnedSession session) {
    String name = session.epoch() + "-" + (session.lastSeq() + 1);
    return new PiecedText(LiveKeys.snapshotBody(session.id(), name));
  }

  /** A snapshot that comes under the number of the next event, and right before that. */
  private static Append.Event kept(OwnedSession session, RawJson reference) {
    return new Append.Event(session.lastSeq() + 1, Kind.KEPT_SNAPSHOT, reference);
  }

  /** The whole snapshot is stored before the last chunk is told: viewers may ask for it then. */
  void chunk(OwnedSession session, RawObject chunk, RawJson json, Runnable acknowledge) {
    Map<SessionField, String> fields = publisher.touch(session);
    if (session.assembly.isPending()) {
      session.assembly.add(chunk).forEach(piece -> session.append(Append.piece(piece)));
      if (session.assembly.isComplete()) {
        keep(session);
      } else if (session.assembly.isPending()) {
        fields.put(SessionField.CHUNKS_UNTIL, staleAt());
      } else {
        LOG.warnf("A snapshot of session %s in chunks is too large and given up", session.id());
        fields.put(SessionField.CHUNKS_UNTIL, NO_CHUNKS);
      }
    }
    publisher.publish(session, json, Kind.TOLD_ONLY, fields, acknowledge);
  }

  private void keep(OwnedSession session) {
    session.assembly.end().forEach(piece -> session.append(Append.piece(piece)));
    RawJson reference = session.assembly.reference();
    Map<SessionField, String> fields = publisher.touch(session);
    fields.put(SessionField.CHUNKS_UNTIL, NO_CHUNKS);
    boolean renamed = publisher.rename(session, session.assembly.metadata(), fields);
    session.assembly.discard();
    session.overlay.clear();
    session.append(
        new Append(
            kept(session, reference),
            withOverlay(session, fields),
            publisher.tellStatusIf(renamed, session)));
  }

  /** Old workers end a run with the whole transcript. */
  void agentEnd(OwnedSession session, RawObject event, RawJson json, Runnable acknowledge) {
    RawJson messages = event.get("messages");
    boolean whole = messages != null && messages.array()[messages.offset()] == '[';
    if (whole) {
      publishSnapshot(session, json, publisher.touch(session), acknowledge);
    } else {
      publisher.publish(session, json, acknowledge);
    }
  }

  private String staleAt() {
    return Long.toString(clock.millis() + CHUNKS_STALE_AFTER.toMillis());
  }
}
