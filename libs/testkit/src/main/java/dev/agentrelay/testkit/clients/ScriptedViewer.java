package dev.agentrelay.testkit.clients;

import dev.agentrelay.testkit.clients.Envelope.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A browser's {@code /viewer} socket (sockets.md 3.3, 4.6, 4.7): looks at one session at a time,
 * follows the browser's cursor rules, asks for a resync when something is missing, and comes back
 * by itself. Thread-safe.
 */
public final class ScriptedViewer implements AutoCloseable {
  private static final Duration RETURN_DELAY = Duration.ofSeconds(2);
  private static final Duration FIRST_WATCHDOG = Duration.ofMillis(3_500);
  private static final Duration SECOND_WATCHDOG = Duration.ofSeconds(8);

  private final ClientOptions options;
  private final RelaySocket socket;
  private final Inbox<Envelope> envelopes = new Inbox<>();
  private final Map<String, CompletableFuture<JSONObject>> commands = new ConcurrentHashMap<>();
  private @Nullable ViewerCursor cursor;
  private boolean comesBack;
  private long generations;

  ScriptedViewer(ClientOptions options, RelaySocket socket) {
    this.options = options;
    this.socket = socket;
    socket
        .on("connect", ignored -> switchAgain())
        .on("connected", connected -> connected(connected.payload()))
        .on("event", envelope -> take(envelope.payload()))
        .on("exec_result", result -> finish(result.payload()))
        .on("disconnected", ended -> ended(ended.text("code")))
        .on("disconnect", lost -> comeBack(String.valueOf(lost.text("message"))));
    socket.connect();
  }

  /** A viewer on a connection of its own that looks at nothing yet. */
  public static ScriptedViewer connect(ClientOptions options) {
    ScriptedViewer viewer =
        new ScriptedViewer(
            options, new RelaySocket(options, "/viewer", browserAuth(options.apiKey())));
    viewer.socket.awaitConnected();
    return viewer;
  }

  /** The one-shot form that names its session in the handshake. */
  public static ScriptedViewer connectTo(ClientOptions options, String sessionId) {
    Map<String, Object> auth = browserAuth(options.apiKey());
    auth.put("sessionId", sessionId);
    return new ScriptedViewer(options, new RelaySocket(options, "/viewer", auth));
  }

  /** Looks at another session, without waiting; gives the generation of the switch. */
  public synchronized long switchSession(String sessionId) {
    cursor = new ViewerCursor(sessionId, ++generations, null);
    comesBack = true;
    sendSwitch(cursor);
    watch(cursor, FIRST_WATCHDOG);
    watch(cursor, SECOND_WATCHDOG);
    return generations;
  }

  /** Looks at a session and waits until a snapshot of it is there. */
  public Envelope open(String sessionId) {
    long generation = switchSession(sessionId);
    return envelopes.await(
        e ->
            e.accepted()
                && e.type().equals("session_active")
                && e.json().optLong("generation", generation) == generation,
        options.limit());
  }

  /** Every envelope received, also those the browser would drop. */
  public Inbox<Envelope> envelopes() {
    return envelopes;
  }

  /** The first accepted envelope that matches, received or still to come. */
  public Envelope awaitEvent(Predicate<Envelope> wanted, Duration limit) {
    return envelopes.await(envelope -> envelope.accepted() && wanted.test(envelope), limit);
  }

  public RelaySocket socket() {
    return socket;
  }

  /** Everything received, not only envelopes. */
  public Inbox<Received> inbox() {
    return socket.inbox();
  }

  /** The last sequence number seen; {@code null} before any. */
  public synchronized @Nullable Long position() {
    return cursor == null ? null : cursor.position();
  }

  public CompletableFuture<Boolean> input(String text) {
    return input(
        Json.object(
            "text",
            text,
            "attachments",
            new JSONArray(),
            "client",
            "web",
            "requestId",
            UUID.randomUUID().toString()));
  }

  /** Sends input as given; the server's acknowledgement may take ten seconds. */
  public CompletableFuture<Boolean> input(JSONObject payload) {
    return socket
        .emitWithAck("input", payload)
        .thenApply(answer -> answer.length > 0 && Boolean.TRUE.equals(answer[0]));
  }

  /** Sends a remote command; gives the worker's {@code exec_result}. */
  public CompletableFuture<JSONObject> exec(String command) {
    return exec(Json.object("id", UUID.randomUUID().toString(), "command", command));
  }

  public CompletableFuture<JSONObject> exec(JSONObject command) {
    CompletableFuture<JSONObject> result = new CompletableFuture<>();
    commands.put(Json.requireText(command, "id"), result);
    socket.emit("exec", command);
    return result.orTimeout(options.limit().toMillis(), TimeUnit.MILLISECONDS);
  }

  public void emit(String event, JSONObject payload) {
    socket.emit(event, payload);
  }

  @Override
  public void close() {
    synchronized (this) {
      comesBack = false;
    }
    socket.close();
  }

  /** The auth object of the browser's namespaces. */
  static Map<String, Object> browserAuth(@Nullable String apiKey) {
    Map<String, Object> auth = new LinkedHashMap<>();
    auth.put("protocolVersion", 1);
    auth.put("clientVersion", "scripted");
    if (apiKey != null) {
      auth.put("apiKey", apiKey);
    }
    return auth;
  }

  private synchronized void switchAgain() {
    ViewerCursor before = cursor;
    if (before != null) {
      cursor = new ViewerCursor(before.sessionId(), before.generation(), before.position());
      sendSwitch(cursor);
    }
  }

  private void sendSwitch(ViewerCursor wanted) {
    JSONObject request =
        Json.object("sessionId", wanted.sessionId(), "generation", wanted.generation());
    socket.emit("switch_session", Json.putIfKnown(request, "lastSeq", wanted.position()));
    socket.emit("viewer_visibility", Json.object("visible", true));
  }

  private void watch(ViewerCursor switched, Duration delay) {
    Later.after(
        delay,
        () -> {
          synchronized (this) {
            if (cursor == switched && switched.awaitingSnapshot() && socket.connected()) {
              socket.emit(
                  "switch_session",
                  Json.object(
                      "sessionId", switched.sessionId(), "generation", switched.generation()));
            }
          }
        });
  }

  private synchronized void connected(JSONObject connected) {
    ViewerCursor current = cursor;
    if (current == null || current.concerns(connected)) {
      if (current != null) {
        current.connected(Json.number(connected, "lastSeq"));
      }
      socket.emit("connected", new JSONObject());
    }
  }

  private synchronized void take(JSONObject envelope) {
    ViewerCursor current = cursor;
    if (current == null) {
      envelopes.add(new Envelope(envelope, Verdict.ACCEPTED));
      return;
    }
    Long before = current.position();
    Verdict verdict = current.judge(envelope);
    if (current.gap()) {
      socket.emit("resync", Json.object("lastSeq", before));
    }
    envelopes.add(new Envelope(envelope, verdict));
  }

  private void finish(JSONObject result) {
    CompletableFuture<JSONObject> waiting = commands.remove(result.optString("id"));
    if (waiting != null) {
      waiting.complete(result);
    }
  }

  private synchronized void ended(@Nullable String code) {
    comesBack = "session_reconnected".equals(code);
  }

  /** The library does not return after a DISCONNECT from the server; the browser does. */
  private synchronized void comeBack(String reason) {
    if (comesBack && reason.equals("io server disconnect")) {
      Later.after(RETURN_DELAY, this::reconnect);
    }
  }

  private synchronized void reconnect() {
    if (comesBack) {
      socket.connect();
    }
  }
}
