package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.eventlog.SessionLog;
import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.ring.Append;
import dev.agentrelay.gateway.ring.RingWriter;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.socketio.RawJson;
import dev.agentrelay.socketio.Socket;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session whose worker is connected to this replica, for one registration. Its mutable state is
 * confined to the event loop of the worker's socket.
 */
public final class OwnedSession {
  private final SessionId id;
  private final long epoch;
  private final UserId user;
  private final boolean ephemeral;
  private final boolean collab;
  private final Socket worker;
  private final String token;
  private final SessionLog log;
  private final String room;
  private final byte[] tokenJson;
  private final RawJson idJson;

  final MetaState meta = new MetaState();
  final Overlay overlay = new Overlay();
  final UnwatchedDeltas deltas = new UnwatchedDeltas();
  final Busyness busyness = new Busyness();
  final Activity activity = new Activity();
  final ThinkingTimes thinking = new ThinkingTimes();
  final SnapshotAssembly assembly;
  private final EventOrder order = new EventOrder();
  private final Set<Pause> pauses = EnumSet.noneOf(Pause.class);

  /** What the record holds, kept here too because Redis may lose it. */
  private final Map<SessionField, String> record = new EnumMap<>(SessionField.class);

  private @Nullable RingWriter writer;
  private long seq;
  private long storedSeq;
  private boolean over;
  private boolean toldOfQuota;

  /** How much the worker had said when it was given the trigger that it left unanswered. */
  private volatile long unansweredAt = -1;

  /** Why the worker's socket is not read. */
  enum Pause {
    /** Too much waits for Redis. */
    BACKLOG,
    /** An event waits, and all behind it. */
    ORDER,
    /** The user's workers have sent enough for this second. */
    QUOTA
  }

  /** What the hub last heard of the session. */
  static final class Busyness {
    boolean active;
    @Nullable String model;
    @Nullable String name;
    @Nullable Instant heartbeatAt;
  }

  /**
   * When the session's life was last prolonged, when other services last heard of it, and when its
   * link to its runner was last prolonged.
   */
  static final class Activity {
    long touchedAt;
    long toldAt;
    long linkRefreshedAt;
  }

  public OwnedSession(
      SessionId id,
      long epoch,
      UserId user,
      boolean ephemeral,
      boolean collab,
      Socket worker,
      String token,
      SessionLog log,
      long maxSnapshotBytes) {
    this.id = id;
    this.epoch = epoch;
    this.user = user;
    this.ephemeral = ephemeral;
    this.collab = collab;
    this.worker = worker;
    this.token = token;
    this.log = log;
    this.room = room(id);
    this.tokenJson = JsonValues.of(token).toByteArray();
    this.idJson = JsonValues.of(id.value());
    this.assembly = new SnapshotAssembly(maxSnapshotBytes);
  }

  public SessionId id() {
    return id;
  }

  public long epoch() {
    return epoch;
  }

  public UserId user() {
    return user;
  }

  public boolean ephemeral() {
    return ephemeral;
  }

  public boolean collab() {
    return collab;
  }

  public Socket worker() {
    return worker;
  }

  /** The text that proves to this session that its worker is speaking. */
  public String token() {
    return token;
  }

  /** Whether a JSON value is the token; takes the same time for every wrong one of its length. */
  public boolean isToken(RawJson value) {
    return MessageDigest.isEqual(value.toByteArray(), tokenJson);
  }

  /** The session's id as a JSON string. */
  public RawJson idAsJson() {
    return idJson;
  }

  /** The room of the session's viewers and of its worker. */
  public String room() {
    return room;
  }

  public static String room(SessionId id) {
    return "session:" + id;
  }

  /** The hub's room for the session's meta state. */
  public static String metaRoom(SessionId id) {
    return room(id) + ":meta";
  }

  /** The meta state of a session of which nothing is known yet, as JSON. */
  public static RawJson initialMeta() {
    return new MetaState().toJson();
  }

  /**
   * The worker has not acknowledged a trigger in time.
   *
   * @param received the packets that had come from it when it was given the trigger
   */
  void leaveUnanswered(long received) {
    unansweredAt = received;
  }

  /**
   * Whether the worker has left a trigger unanswered and said nothing at all since: it may be cut
   * off, in a way that shows only when the next ping stays unanswered. From any thread.
   */
  boolean isSilent() {
    return unansweredAt == worker.packetsReceived();
  }

  void writeTo(RingWriter ringWriter) {
    writer = ringWriter;
  }

  RingWriter writer() {
    if (writer == null) {
      throw new IllegalStateException("session " + id + " has not been taken into ownership");
    }
    return writer;
  }

  /** How much of its history waits for Redis; from any thread, and then about so much. */
  long backlogBytes() {
    return writer == null ? 0 : writer.backlogBytes();
  }

  /** Runs a step behind every event that came before. */
  void inOrder(Runnable step) {
    order.run(step);
  }

  /** Has everything that the worker sends wait for {@link #release}. */
  void hold() {
    order.hold();
    pause(Pause.ORDER);
  }

  void release() {
    resume(Pause.ORDER);
    order.release();
  }

  /** Whether it was not paused for that reason before. */
  boolean pause(Pause why) {
    worker.pauseReading();
    return pauses.add(why);
  }

  void resume(Pause why) {
    if (pauses.remove(why) && pauses.isEmpty()) {
      worker.resumeReading();
    }
  }

  /** Whether its worker has to be told that it sends too much; once is enough. */
  boolean tellOfQuota() {
    boolean news = !toldOfQuota;
    toldOfQuota = true;
    return news;
  }

  /** Writes one step of the session's history, behind all before it. */
  void append(Append step) {
    record.putAll(step.fields());
    writer().append(step);
  }

  /** The record's fields as they are, or are about to be, in Redis. */
  Map<SessionField, String> record() {
    return record;
  }

  /**
   * What a notice tells of the session.
   *
   * @param number tells this notice from the session's others
   */
  About about(long number) {
    String parent = record.getOrDefault(SessionField.LINKED_PARENT_ID, "");
    String live = record.getOrDefault(SessionField.PARENT_ID, parent);
    return new About(
        id + ":" + epoch + ":" + number,
        id,
        user,
        Instant.now(),
        busyness.name,
        collab,
        live.isEmpty() ? null : new SessionId(live));
  }

  /** The session is nobody's child any more. On the event loop. */
  public void leaveParent() {
    record.remove(SessionField.PARENT_ID);
    record.remove(SessionField.LINKED_PARENT_ID);
  }

  /** The session runs on this runner from now on, or on none that is known. */
  void link(@Nullable RunnerId runner, @Nullable String runnerName) {
    set(SessionField.RUNNER_ID, runner == null ? null : runner.value());
    set(SessionField.RUNNER_NAME, runnerName);
  }

  private void set(SessionField field, @Nullable String value) {
    if (value == null) {
      record.remove(field);
    } else {
      record.put(field, value);
    }
  }

  long nextSeq() {
    return ++seq;
  }

  /** What programs read of the session. */
  SessionLog log() {
    return log;
  }

  /** The number of the last event. */
  long lastSeq() {
    return seq;
  }

  /** An event has reached Redis. */
  void stored(long storedSeqNow) {
    storedSeq = storedSeqNow;
  }

  /** The last sequence number that has reached Redis. */
  long storedSeq() {
    return storedSeq;
  }

  /** Whether this registration has ended or was taken over; nothing of it counts any longer. */
  public boolean isOver() {
    return over;
  }

  void end() {
    over = true;
    writer().stop();
  }
}
