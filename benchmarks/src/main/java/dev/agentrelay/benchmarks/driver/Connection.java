package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One client's WebSocket with one namespace joined. It is spoken on plain TCP, because a driver
 * that shares the cores with what it measures must be far cheaper than it. Confined to the driver's
 * thread.
 */
final class Connection implements FrameListener {
  private static final String HEADERS_END = "\r\n\r\n";
  private static final int MAX_HEADERS = 16 * 1024;

  private final NetSocket socket;
  private final String namespace;
  private final byte[] eventPrefix;
  private final Client client;
  private final Promise<Connection> joined = Promise.promise();
  private final FrameReader frames = new FrameReader();
  private @Nullable Buffer headers = Buffer.buffer();
  private boolean closing;

  /** What the messages are for. */
  interface Client {
    /** An event, its packet as text; the array is good only during the call. */
    void onEvent(byte[] array, int offset, int length);

    /** All that one read has brought has been handed over. */
    default void onReadEnd() {}

    /** The connection has ended and this side did not want it. */
    void onLost(String why);
  }

  private Connection(NetSocket socket, String namespace, Client client) {
    this.socket = socket;
    this.namespace = namespace;
    this.eventPrefix = Digits.ascii("42" + namespace + ",");
    this.client = client;
  }

  /** Connects and joins the namespace. */
  static Future<Connection> open(Driver driver, int port, String namespace, Client client) {
    return driver
        .client()
        .connect(port, "127.0.0.1")
        .compose(
            socket -> {
              Connection connection = new Connection(socket, namespace, client);
              connection.start(port);
              return connection.joined.future();
            });
  }

  private void start(int port) {
    socket.handler(this::read);
    socket.exceptionHandler(failure -> lost(String.valueOf(failure.getMessage())));
    socket.closeHandler(closed -> lost("the gateway closed it"));
    socket.write(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: YmVuY2htYXJrLWNsaWVudA==\r\n\r\n");
  }

  /** Sends one event; the payload is JSON. */
  void emit(String event, String payload) {
    sendPacket("42" + namespace + ",[\"" + event + "\"," + payload + "]");
  }

  /** Sends frames that are encoded already. */
  void write(Buffer encoded) {
    socket.write(encoded);
  }

  void close() {
    closing = true;
    socket.close();
  }

  private void read(Buffer chunk) {
    Buffer frameBytes = headers == null ? chunk : skipHeaders(headers, chunk);
    if (frameBytes != null) {
      try {
        frames.read(frameBytes, this);
      } catch (IllegalStateException broken) {
        lost(String.valueOf(broken.getMessage()));
        close();
      }
      client.onReadEnd();
    }
  }

  private @Nullable Buffer skipHeaders(Buffer head, Buffer chunk) {
    head.appendBuffer(chunk);
    String text = head.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf(HEADERS_END);
    if (end < 0 && head.length() < MAX_HEADERS) {
      return null;
    }
    if (end < 0 || !text.startsWith("HTTP/1.1 101 ")) {
      lost("the upgrade was answered " + text.lines().findFirst().orElse("with nothing"));
      close();
      return null;
    }
    headers = null;
    return head.getBuffer(end + HEADERS_END.length(), head.length());
  }

  @Override
  public void onText(byte[] array, int offset, int length) {
    if (Digits.startsWith(array, offset, length, eventPrefix)) {
      client.onEvent(array, offset, length);
      return;
    }
    String packet = new String(array, offset, length, StandardCharsets.UTF_8);
    if (packet.startsWith("0{")) {
      sendPacket(
          "40" + namespace + ",{\"apiKey\":\"" + Driver.API_KEY + "\",\"protocolVersion\":1}");
    } else if (packet.equals("2")) {
      sendPacket("3");
    } else if (packet.startsWith("40" + namespace + ",")) {
      joined.tryComplete(this);
    } else {
      lost("it answered " + packet);
    }
  }

  @Override
  public void onClose() {
    lost("the gateway closed it");
  }

  private void sendPacket(String packet) {
    Buffer frame = Buffer.buffer();
    Frames.appendText(frame, packet);
    socket.write(frame);
  }

  private void lost(String why) {
    if (!closing) {
      closing = true;
      joined.tryFail(new DriverException("A client of " + namespace + " lost its socket: " + why));
      client.onLost(why);
    }
  }
}
