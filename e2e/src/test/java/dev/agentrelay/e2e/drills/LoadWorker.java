package dev.agentrelay.e2e.drills;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A worker that counts: each event has the next number, and it knows which of them were
 * acknowledged and which triggers it was told. Thread-safe.
 */
final class LoadWorker implements AutoCloseable {
  private final String session;
  private final RelaySocket socket;
  private final NavigableMap<Long, Integer> unacknowledged = new TreeMap<>();
  private final SortedSet<Integer> acknowledged = new TreeSet<>();
  private final Map<String, Integer> triggers = new LinkedHashMap<>();
  private @Nullable String token;
  private long seq;
  private int number;
  private volatile Consumer<LoadWorker> onTrigger = told -> {};

  LoadWorker(ClientOptions options, String session) {
    this.session = session;
    this.socket =
        new RelaySocket(
            options,
            "/relay",
            Map.of("apiKey", String.valueOf(options.apiKey()), "protocolVersion", 1));
    socket
        .on("connect", ignored -> register())
        .on("disconnect", ignored -> lose())
        .on("registered", registered -> start(registered.text("token")))
        .on("event_ack", ack -> acknowledge(ack.payload().optLong("seq")))
        .on("connected", wanted -> show(wanted.text("recoveryNonce")))
        .on("session_trigger", this::take);
  }

  /** Has it do something after each trigger; must not wait. */
  LoadWorker onTrigger(Consumer<LoadWorker> reaction) {
    onTrigger = reaction;
    return this;
  }

  LoadWorker connect() {
    socket.connect();
    return this;
  }

  LoadWorker awaitRegistered() {
    socket.await("registered");
    return this;
  }

  String session() {
    return session;
  }

  RelaySocket socket() {
    return socket;
  }

  /** Says the next number; nothing while not registered, as real workers never say it again. */
  synchronized void count() {
    if (token != null) {
      number++;
      send(Json.object("type", "ui_notify", "message", "load", "number", number));
      unacknowledged.put(seq, number);
    }
  }

  synchronized void beat() {
    if (token != null) {
      send(
          Json.object(
              "type",
              "heartbeat",
              "active",
              true,
              "isCompacting",
              false,
              "ts",
              System.currentTimeMillis(),
              "cwd",
              "/load"));
    }
  }

  /** The last number said. */
  synchronized int said() {
    return number;
  }

  /** Whether the last number is acknowledged; says another when the last one was lost. */
  synchronized boolean settled() {
    if (token == null || !unacknowledged.isEmpty()) {
      return false;
    }
    if (acknowledged.contains(number)) {
      return true;
    }
    count();
    return false;
  }

  /** The numbers that the relay has acknowledged. */
  synchronized SortedSet<Integer> acknowledged() {
    return new TreeSet<>(acknowledged);
  }

  /** The numbers of the triggers told so far; a trigger id that comes again is dropped. */
  synchronized List<Integer> told() {
    return List.copyOf(triggers.values());
  }

  /** How often each number was told under different trigger ids, where that is more than once. */
  static Map<Integer, Integer> repeated(Collection<Integer> told) {
    Map<Integer, Integer> counts = new HashMap<>();
    told.forEach(each -> counts.merge(each, 1, Integer::sum));
    counts.values().removeIf(count -> count == 1);
    return counts;
  }

  /** Ends the session in good order. */
  void end() {
    synchronized (this) {
      if (token != null) {
        socket.emit("session_end", Json.object("sessionId", session, "token", token));
      }
    }
    close();
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public synchronized String toString() {
    return "a worker of %s that has said %d, is %s and %s"
        .formatted(
            session,
            number,
            socket.connected() ? "connected" : "away",
            token == null ? "not registered" : "registered");
  }

  private void register() {
    socket.emit(
        "register",
        Json.object(
            "sessionId",
            session,
            "cwd",
            "/load",
            "ephemeral",
            true,
            "collabMode",
            true,
            "acksSessionTrigger",
            true));
  }

  private synchronized void lose() {
    token = null;
    unacknowledged.clear();
  }

  private synchronized void start(@Nullable String given) {
    token = given;
    seq = 0;
    unacknowledged.clear();
    show(null);
    beat();
  }

  private synchronized void acknowledge(long upTo) {
    Map<Long, Integer> covered = unacknowledged.headMap(upTo, true);
    acknowledged.addAll(covered.values());
    covered.clear();
  }

  /** A snapshot holds every number said so far, as a transcript would. */
  private synchronized void show(@Nullable String recoveryNonce) {
    if (token == null) {
      return;
    }
    JSONObject state =
        Json.object("cwd", "/load", "messages", new JSONArray(), LoadViewer.COVERED, number);
    send(
        Json.putIfKnown(
            Json.object("type", "session_active", "state", state), "recoveryNonce", recoveryNonce));
  }

  private synchronized void send(JSONObject event) {
    seq++;
    socket.emit(
        "event", Json.object("sessionId", session, "token", token, "event", event, "seq", seq));
  }

  private void take(Received received) {
    JSONObject trigger = Json.objectAt(received.payload(), "trigger");
    synchronized (this) {
      triggers.putIfAbsent(
          trigger.optString("triggerId"), Json.objectAt(trigger, "payload").optInt("number"));
    }
    if (received.ack() != null) {
      received.ack().call(Json.object("ok", true));
    }
    onTrigger.accept(this);
  }
}
