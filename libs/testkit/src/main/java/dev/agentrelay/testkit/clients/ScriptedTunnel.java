package dev.agentrelay.testkit.clients;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.json.JSONArray;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A runner's {@code /_tunnel} connection, speaking the wire as the published clients do (tunnel.md
 * 2). Answers pings; everything else is for the test to say. Thread-safe.
 */
public final class ScriptedTunnel implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ClientOptions options;
  private final Inbox<JSONObject> inbox = new Inbox<>();
  private final List<ByteBuffer> binaryMessages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final Object sending = new Object();
  private final WebSocket socket;
  private volatile @Nullable Consumer<JSONObject> app;
  private volatile boolean answersPings = true;

  private ScriptedTunnel(ClientOptions options) {
    this.options = options;
    String base = options.relay().toString().replaceFirst("^http", "ws").replaceAll("/+$", "");
    this.socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(URI.create(base + "/_tunnel"), new Listener())
            .orTimeout(options.limit().toMillis(), TimeUnit.MILLISECONDS)
            .join();
  }

  /** Opens a connection that has not said yet which runner it is. */
  public static ScriptedTunnel dial(ClientOptions options) {
    return new ScriptedTunnel(options);
  }

  /** Opens a connection and waits until it is the runner's. */
  public static ScriptedTunnel connect(ClientOptions options, String runnerId) {
    ScriptedTunnel tunnel = dial(options).register(runnerId);
    tunnel.await("registered");
    return tunnel;
  }

  /** Sends the first message, with the key of the options. */
  public ScriptedTunnel register(String runnerId) {
    return register(runnerId, null);
  }

  /** The same with what the runner speaks beyond the protocol, if it says so. */
  public ScriptedTunnel register(String runnerId, @Nullable List<String> caps) {
    JSONObject frame =
        Json.object(
            "type", "register", "runnerId", runnerId, "apiKey", String.valueOf(options.apiKey()));
    Json.putIfKnown(frame, "caps", caps == null ? null : new JSONArray(caps));
    return send(frame);
  }

  /** Leaves pings without an answer from now on, as a stuck runner does. */
  public ScriptedTunnel goSilent() {
    answersPings = false;
    return this;
  }

  /** What is done with each {@code request-start} and {@code ws-open}; must not wait. */
  public ScriptedTunnel serve(Consumer<JSONObject> requests) {
    app = requests;
    return this;
  }

  public Inbox<JSONObject> inbox() {
    return inbox;
  }

  /** The first message of that type, received or still to come. */
  public JSONObject await(String type) {
    return inbox.await(frame -> type.equals(frame.optString("type")), options.limit());
  }

  /** The first message of that type about a stream. */
  public JSONObject await(String type, String id) {
    return inbox.await(
        frame -> type.equals(frame.optString("type")) && id.equals(frame.optString("id")),
        options.limit());
  }

  /** The first request for an address, path and query as the app gets them. */
  public JSONObject awaitRequest(String url) {
    return inbox.await(
        frame ->
            "request-start".equals(frame.optString("type")) && url.equals(frame.optString("url")),
        options.limit());
  }

  /** Waits for the close and gives its code; 1006 when there was none. */
  public int awaitClosed(Duration limit) {
    return closed.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).join();
  }

  public boolean isClosed() {
    return closed.isDone();
  }

  public ScriptedTunnel send(JSONObject frame) {
    return sendText(frame.toString());
  }

  /** Sends a text message as it is; returns when it is on its way, however long that takes. */
  public ScriptedTunnel sendText(String message) {
    synchronized (sending) {
      socket.sendText(message, true).join();
    }
    return this;
  }

  /** Sends a binary message as it is. */
  public ScriptedTunnel sendBytes(ByteBuffer message) {
    synchronized (sending) {
      socket.sendBinary(message, true).join();
    }
    return this;
  }

  /** The binary messages that have come so far, in order. */
  public List<ByteBuffer> binaryMessages() {
    return List.copyOf(binaryMessages);
  }

  public void responseStart(String id, int status, Map<String, ?> headers) {
    send(
        Json.object(
            "type",
            "response-start",
            "id",
            id,
            "statusCode",
            status,
            "statusMessage",
            "Status",
            "headers",
            new JSONObject(headers)));
  }

  /** Sends body bytes as {@code JSON.stringify} writes them. */
  public void responseData(String id, byte[] bytes) {
    sendText(
        "{\"type\":\"response-data\",\"id\":\""
            + id
            + "\",\"data\":"
            + Json.quoted(new String(bytes, StandardCharsets.ISO_8859_1))
            + "}");
  }

  public void responseEnd(String id) {
    send(Json.object("type", "response-data-end", "id", id));
  }

  /** A whole answer. */
  public void respond(String id, int status, Map<String, ?> headers, String body) {
    responseStart(id, status, headers);
    if (!body.isEmpty()) {
      responseData(id, body.getBytes(StandardCharsets.UTF_8));
    }
    responseEnd(id);
  }

  public void socketOpened(String id, @Nullable String protocol) {
    JSONObject frame = Json.object("type", "ws-opened", "id", id);
    Json.putIfKnown(frame, "protocol", protocol);
    send(frame);
  }

  public void socketText(String id, String text) {
    send(Json.object("type", "ws-data", "id", id, "data", text));
  }

  public void socketBinary(String id, byte[] bytes) {
    send(
        Json.object(
            "type",
            "ws-data",
            "id",
            id,
            "data",
            Base64.getEncoder().encodeToString(bytes),
            "binary",
            true));
  }

  public void socketClose(String id, int code, String reason) {
    send(Json.object("type", "ws-close", "id", id, "code", code, "reason", reason));
  }

  /** All body bytes of a request that have come so far. */
  public byte[] bodyOf(String id) {
    StringBuilder text = new StringBuilder();
    for (JSONObject frame : inbox.all()) {
      if ("request-data".equals(frame.optString("type")) && id.equals(frame.optString("id"))) {
        text.append(frame.optString("data"));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Loses the connection as a killed process does. */
  public void kill() {
    socket.abort();
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").exceptionally(gone -> socket);
    }
    socket.abort();
  }

  private void receive(String message) {
    JSONObject frame = Json.parse(message);
    String type = frame.optString("type");
    if (type.equals("ping") && answersPings) {
      send(Json.object("type", "pong"));
    }
    inbox.add(frame);
    Consumer<JSONObject> serving = app;
    if (serving != null && (type.equals("request-start") || type.equals("ws-open"))) {
      serving.accept(frame);
    }
  }

  /** The subprotocols of a {@code ws-open}, in order. */
  public static JSONArray protocols(JSONObject opening) {
    return Json.arrayAt(opening, "protocols");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        String whole = message.toString();
        message.setLength(0);
        receive(whole);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      bytes.writeBytes(part);
      if (last) {
        binaryMessages.add(ByteBuffer.wrap(bytes.toByteArray()));
        bytes.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      closed.complete(1006);
    }
  }
}
