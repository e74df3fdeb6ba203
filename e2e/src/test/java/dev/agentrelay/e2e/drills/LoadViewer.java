package dev.agentrelay.e2e.drills;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A viewer that writes down the numbers it saw, begins with a snapshot, takes nothing twice by its
 * cursor, and asks again for what it lacks (sockets.md 4.6, 4.7). A snapshot stands for all that it
 * holds. Comes back as browsers do. Thread-safe.
 */
final class LoadViewer implements AutoCloseable {
  /** The member of a snapshot's state that says up to which number it holds them. */
  static final String COVERED = "loadNumber";

  private static final int GENERATION = 1;
  private static final long RETURN_MILLIS = 2_000;
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String session;
  private final RelaySocket socket;
  private final List<Integer> seen = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private @Nullable Long cursor;
  private long begunAt;
  private int covered;
  private long lastSeenAt;
  private long longestGapNanos;
  private long askedAt;
  private int gaps;
  private boolean comesBack = true;

  LoadViewer(ClientOptions options, String session) {
    this.session = session;
    this.socket =
        new RelaySocket(
            options,
            "/viewer",
            Map.of(
                "apiKey",
                String.valueOf(options.apiKey()),
                "protocolVersion",
                1,
                "clientVersion",
                "load"));
    socket
        .on("connect", ignored -> activate())
        .on("connected", connected -> greeted(Json.number(connected.payload(), "lastSeq")))
        .on("event", envelope -> take(envelope.payload()))
        .on("error", error -> ended("error: " + error.text("message")))
        .on("disconnected", ended -> left(ended.text("code")))
        .on("disconnect", lost -> comeBack(String.valueOf(lost.text("message"))));
  }

  LoadViewer connect() {
    socket.connect();
    return this;
  }

  String session() {
    return session;
  }

  RelaySocket socket() {
    return socket;
  }

  /** The highest number seen, whether by itself or in a snapshot. */
  synchronized int highest() {
    return Math.max(covered, seen.isEmpty() ? 0 : seen.getLast());
  }

  /** From now on the longest time without a new number is measured. */
  synchronized void startMeasuring() {
    lastSeenAt = System.nanoTime();
    longestGapNanos = 0;
    gaps = 0;
  }

  synchronized Duration longestGap() {
    return Duration.ofNanos(longestGapNanos);
  }

  /** How often it had to ask for what it lacked. */
  synchronized int gaps() {
    return gaps;
  }

  /** What was said to it that a person would take for the end of the session. */
  synchronized List<String> ends() {
    return List.copyOf(ends);
  }

  /**
   * Those of the given numbers that never arrived, neither alone nor in a snapshot that was sent in
   * place of them.
   */
  synchronized SortedSet<Integer> lacks(SortedSet<Integer> numbers) {
    SortedSet<Integer> lacking = new TreeSet<>(numbers.tailSet(covered + 1));
    lacking.removeAll(new TreeSet<>(seen));
    return lacking;
  }

  /** Numbers that came after a number that is not smaller: told twice, or in the wrong order. */
  synchronized List<Integer> outOfOrder() {
    List<Integer> wrong = new ArrayList<>();
    int highest = 0;
    for (int number : seen) {
      if (number <= highest) {
        wrong.add(number);
      }
      highest = Math.max(highest, number);
    }
    return wrong;
  }

  @Override
  public void close() {
    synchronized (this) {
      comesBack = false;
    }
    socket.close();
  }

  @Override
  public synchronized String toString() {
    return "a viewer of %s at %s that has seen %d, asked again %d times, was told %s, is %s"
        .formatted(
            session, cursor, highest(), gaps, ends, socket.connected() ? "connected" : "away");
  }

  private synchronized void activate() {
    askedAt = 0;
    socket.emit(
        "switch_session",
        Json.putIfKnown(
            Json.object("sessionId", session, "generation", GENERATION), "lastSeq", cursor));
    socket.emit("viewer_visibility", Json.object("visible", true));
  }

  private synchronized void greeted(@Nullable Long lastSeq) {
    long now = lastSeq == null ? 0 : lastSeq;
    if (cursor == null) {
      begunAt = now;
    } else {
      begunAt = 0;
      cursor = Math.min(cursor, now);
    }
    socket.emit("connected", new JSONObject());
  }

  private synchronized void take(JSONObject envelope) {
    JSONObject event = Json.objectAt(envelope, "event");
    JSONObject state = Json.objectAt(event, "state");
    Long seq = Json.number(envelope, "seq");
    if (state.has(COVERED)) {
      takeSnapshot(seq, state.optInt(COVERED));
    } else if (cursor != null && seq != null && seq > cursor) {
      takeEvent(cursor, seq, event, envelope.optBoolean("deltaReplay"));
    }
  }

  private void takeSnapshot(@Nullable Long seq, int holds) {
    if (cursor != null && seq != null && seq <= cursor) {
      return;
    }
    if (seq != null || cursor == null) {
      cursor = seq == null ? 0 : seq;
    }
    covered = Math.max(covered, holds);
  }

  private void takeEvent(long last, long seq, JSONObject event, boolean replayed) {
    // what a first snapshot is followed by may have holes up to the number of the greeting
    if (!replayed && seq > Math.max(last, begunAt) + 1) {
      askAgain(last);
      return;
    }
    cursor = seq;
    if (event.has("number")) {
      seen.add(event.optInt("number"));
      sawSomething();
    }
  }

  private void askAgain(long lastSeq) {
    long now = System.nanoTime();
    if (askedAt == 0 || now - askedAt > ASK_AGAIN_NANOS) {
      askedAt = now;
      gaps++;
      socket.emit("resync", Json.object("lastSeq", lastSeq));
    }
  }

  private void sawSomething() {
    long now = System.nanoTime();
    longestGapNanos = Math.max(longestGapNanos, now - lastSeenAt);
    lastSeenAt = now;
    askedAt = 0;
  }

  private synchronized void left(@Nullable String code) {
    if (!"session_reconnected".equals(code)) {
      ended("disconnected: " + code);
    }
  }

  private synchronized void ended(String what) {
    ends.add(what);
  }

  /** The library does not return after a DISCONNECT from the server; browsers do. */
  private synchronized void comeBack(String reason) {
    if (comesBack && reason.equals("io server disconnect")) {
      CompletableFuture.delayedExecutor(RETURN_MILLIS, TimeUnit.MILLISECONDS)
          .execute(this::reconnect);
    }
  }

  private synchronized void reconnect() {
    if (comesBack) {
      socket.connect();
    }
  }
}
