package dev.agentrelay.e2e.wire;

import dev.agentrelay.testkit.clients.Inbox;
import dev.agentrelay.testkit.clients.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.json.JSONObject;

/**
 * A Socket.IO client that shows every frame in order and sends whatever it is told to. Several
 * namespaces share its one connection, so that it also shows what order the server keeps between
 * them. Thread-safe.
 */
public final class WireClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(45);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Inbox<Frame> frames = new Inbox<>();
  private final CompletableFuture<String> closed = new CompletableFuture<>();
  private final WebSocket socket;
  private volatile boolean reading = true;
  private CompletionStage<?> sending = CompletableFuture.completedFuture(null);

  private WireClient(URI relay) {
    URI address =
        URI.create("ws://" + relay.getAuthority() + "/socket.io/?EIO=4&transport=websocket");
    this.socket = HTTP.newWebSocketBuilder().buildAsync(address, new Listener()).join();
  }

  /** Opens the connection; no namespace is joined yet. */
  public static WireClient connect(URI relay) {
    WireClient client = new WireClient(relay);
    client.await(frame -> frame.text().startsWith("0{"));
    return client;
  }

  /** Joins a namespace and gives the server's CONNECT or CONNECT_ERROR. */
  public Frame join(String namespace, JSONObject auth) {
    long mark = mark();
    send("40" + namespace + "," + auth);
    return awaitAfter(
        mark,
        frame -> frame.head().equals("40" + namespace) || frame.head().equals("44" + namespace));
  }

  public void emit(String namespace, String event, JSONObject payload) {
    send("42" + namespace + ",[" + JSONObject.quote(event) + "," + payload + "]");
  }

  /** Sends text as it is; completes when the connection has taken it. */
  public synchronized CompletionStage<?> send(String text) {
    sending = sending.thenCompose(before -> socket.sendText(text, true));
    return sending;
  }

  /** The first frame that matches, received or still to come. */
  public Frame await(Predicate<? super Frame> wanted) {
    return frames.await(wanted, LIMIT);
  }

  public Frame awaitAfter(long mark, Predicate<? super Frame> wanted) {
    return frames.awaitAfter(mark, wanted, LIMIT);
  }

  /** Waits for an event of that namespace. */
  public JSONObject await(String namespace, String event) {
    return await(frame -> frame.is(namespace, event)).payload();
  }

  /** How many frames have come; see {@link #awaitAfter}. */
  public long mark() {
    return frames.mark();
  }

  /** Everything received so far. */
  public List<Frame> frames() {
    return frames.all();
  }

  /** The payloads of all events of that namespace and name so far. */
  public List<JSONObject> payloads(String namespace, String event) {
    return frames().stream()
        .filter(frame -> frame.is(namespace, event))
        .map(Frame::payload)
        .toList();
  }

  /** Takes nothing more off the network, as a hung program does. */
  public void stopReading() {
    reading = false;
  }

  /** Goes on where {@link #stopReading} stopped. */
  public void resumeReading() {
    reading = true;
    socket.request(1);
  }

  /** Completes with the reason when the connection is gone. */
  public CompletableFuture<String> closed() {
    return closed;
  }

  /** Loses the connection as a killed process does. */
  public void drop() {
    socket.abort();
  }

  @Override
  public void close() {
    drop();
  }

  /** The auth object of a browser's namespace. */
  public static JSONObject browserAuth(String apiKey) {
    return Json.object("protocolVersion", 1, "clientVersion", "0.5.7", "apiKey", apiKey);
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        String whole = text.toString();
        text.setLength(0);
        if (whole.equals("2")) {
          send("3");
        } else {
          frames.add(Frame.of(whole));
        }
      }
      if (reading) {
        from.request(1);
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.complete(status + " " + reason);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(String.valueOf(error.getMessage()));
    }
  }
}
