package dev.agentrelay.benchmarks.driver;

import dev.agentrelay.testkit.clients.Json;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * A runner's tunnel with an app behind it that has all its answers ready, spoken by hand for the
 * same reason as {@link HttpConnection}. It reads and writes on threads of its own.
 */
public final class TunnelRunner implements Closeable {
  /** What the app sends at a time, as often as its address says. */
  public static final int PIECE_BYTES = 256 * 1024;

  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int REGISTRATION_SECONDS = 30;
  private static final byte[] BODY = Digits.ascii("{\"type\":\"request-data\",");
  private static final byte[] PING = Digits.ascii("{\"type\":\"ping\"}");
  private static final String PONG = "{\"type\":\"pong\"}";

  private final Socket socket;
  private final Map<String, byte[]> pieces;
  private final ReentrantLock writing = new ReentrantLock();
  private final Map<String, String> requests = new ConcurrentHashMap<>();
  private final CompletableFuture<@Nullable Void> registered = new CompletableFuture<>();

  private TunnelRunner(int port, Map<String, byte[]> pieces) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.pieces = pieces;
    socket.setTcpNoDelay(true);
  }

  /**
   * Connects a runner of the driver's user and waits until the tunnel is its.
   *
   * @param pieces what the app sends for the address {@code /<name>/<times>}, as JSON strings
   */
  public static TunnelRunner connect(int port, String id, Map<String, byte[]> pieces) {
    try {
      TunnelRunner runner = new TunnelRunner(port, pieces);
      runner.upgrade();
      Thread.ofVirtual().name("tunnel-" + id).start(runner::read);
      runner.send(
          Json.object("type", "register", "runnerId", id, "apiKey", Driver.API_KEY).toString());
      runner.registered.orTimeout(REGISTRATION_SECONDS, TimeUnit.SECONDS).join();
      return runner;
    } catch (IOException failure) {
      throw new DriverException("A tunnel could not be opened: " + failure, failure);
    }
  }

  /** A piece of a body as it stands in a frame. */
  public static byte[] piece(byte[] bytes) {
    return Json.quoted(new String(bytes, StandardCharsets.ISO_8859_1))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException closed) {
      throw new DriverException("A tunnel could not be closed: " + closed, closed);
    }
  }

  private void upgrade() throws IOException {
    socket
        .getOutputStream()
        .write(
            Digits.ascii(
                String.join(
                    "\r\n",
                    "GET /_tunnel HTTP/1.1",
                    "Host: localhost",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13",
                    "",
                    "")));
    int ends = 0;
    while (ends < 4) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("the tunnel was refused");
      }
      ends = next == "\r\n\r\n".charAt(ends) ? ends + 1 : next == '\r' ? 1 : 0;
    }
  }

  private void read() {
    FrameReader frames = new FrameReader();
    FrameListener listener =
        new FrameListener() {
          @Override
          public void onText(byte[] array, int offset, int length) {
            receive(array, offset, length);
          }

          @Override
          public void onClose() {
            registered.completeExceptionally(new DriverException("The tunnel was closed"));
          }
        };
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      for (int read = socket.getInputStream().read(buffer);
          read >= 0;
          read = socket.getInputStream().read(buffer)) {
        frames.read(Buffer.buffer(Arrays.copyOf(buffer, read)), listener);
      }
    } catch (IOException gone) {
      registered.completeExceptionally(gone);
    }
  }

  private void receive(byte[] array, int offset, int length) {
    if (Digits.startsWith(array, offset, length, BODY)) {
      return;
    }
    if (Digits.startsWith(array, offset, length, PING)) {
      send(PONG);
      return;
    }
    JSONObject frame = Json.parse(new String(array, offset, length, StandardCharsets.UTF_8));
    String id = frame.optString("id");
    switch (frame.optString("type")) {
      case "registered" -> registered.complete(null);
      case "error" ->
          registered.completeExceptionally(new DriverException(frame.optString("message")));
      case "request-start" -> requests.put(id, frame.optString("url"));
      case "request-data-end" -> answer(id, String.valueOf(requests.remove(id)));
      default -> {} // whoever leaves early is not waited for
    }
  }

  private void answer(String id, String url) {
    String[] parts = url.split("/", -1);
    switch (parts[1]) {
      case "small" -> send(head(id, "text/plain", 5), data(id) + "\"hello\"}", end(id));
      case "events" -> send(head(id, "text/event-stream", -1), data(id) + "\"data: 1\\n\\n\"}");
      default -> Thread.startVirtualThread(() -> stream(id, parts[1], Long.parseLong(parts[2])));
    }
  }

  private void stream(String id, String name, long times) {
    byte[] piece = Objects.requireNonNull(pieces.get(name), name);
    byte[] start = Digits.ascii(data(id));
    Buffer text = Buffer.buffer().appendBytes(start).appendBytes(piece).appendByte((byte) '}');
    Buffer frame = Buffer.buffer();
    Frames.appendText(frame, text.getBytes(), text.length());
    byte[] bytes = frame.getBytes();
    send(head(id, "application/octet-stream", times * PIECE_BYTES));
    for (long sent = 0; sent < times && write(bytes); sent++) {
      // until all is sent, or the relay has gone
    }
    send(end(id));
  }

  private static String head(String id, String type, long length) {
    String size = length < 0 ? "" : ",\"content-length\":\"" + length + "\"";
    return """
    {"type":"response-start","id":"%s","statusCode":200,"statusMessage":"OK",\
    "headers":{"content-type":"%s"%s}}\
    """
        .formatted(id, type, size);
  }

  private static String data(String id) {
    return "{\"type\":\"response-data\",\"id\":\"" + id + "\",\"data\":";
  }

  private static String end(String id) {
    return "{\"type\":\"response-data-end\",\"id\":\"" + id + "\"}";
  }

  private void send(String... frames) {
    Buffer all = Buffer.buffer();
    for (String frame : frames) {
      Frames.appendText(all, frame);
    }
    write(all.getBytes());
  }

  private boolean write(byte[] frames) {
    writing.lock();
    try {
      socket.getOutputStream().write(frames);
      return true;
    } catch (IOException gone) {
      return false;
    } finally {
      writing.unlock();
    }
  }
}
