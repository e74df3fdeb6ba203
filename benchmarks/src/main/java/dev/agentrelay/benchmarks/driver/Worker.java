package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A session's worker (sockets.md 4.3). Confined to the driver's thread. */
final class Worker implements Connection.Client {
  static final byte[] ACK_PREFIX = Digits.ascii("42/relay,[\"event_ack\",");
  static final byte[] REGISTERED_PREFIX = Digits.ascii("42/relay,[\"registered\",");
  private static final byte[] ERROR_PREFIX = Digits.ascii("42/relay,[\"error\",");
  static final byte[] SEQ = Digits.ascii("\"seq\":");
  static final Pattern TOKEN = Pattern.compile("\"token\":\"([0-9a-f]+)\"");

  private final String session;
  private final Runnable onProgress;
  private final Promise<Worker> ready = Promise.promise();
  private @Nullable Connection connection;
  private @Nullable EventFrame frame;
  private long sent;
  private long acknowledged;
  private boolean progressed;
  private @Nullable String trouble;

  private Worker(String session, Runnable onProgress) {
    this.session = session;
    this.onProgress = onProgress;
  }

  /**
   * Registers a session and sends its first, empty snapshot.
   *
   * @param onProgress runs when events have been acknowledged
   */
  static Future<Worker> register(Driver driver, int port, String session, Runnable onProgress) {
    Worker worker = new Worker(session, onProgress);
    return Connection.open(driver, port, "/relay", worker)
        .compose(
            connection -> {
              worker.connection = connection;
              connection.emit(
                  "register",
                  "{\"sessionId\":\""
                      + session
                      + "\",\"cwd\":\"/benchmark\",\"ephemeral\":true,\"collabMode\":true}");
              return worker.ready.future();
            });
  }

  long sent() {
    return sent;
  }

  /** The highest number that was acknowledged. */
  long acknowledged() {
    return acknowledged;
  }

  @Nullable String trouble() {
    return trouble;
  }

  /** Sends so many events, stamped with the time at which each is written. */
  void send(int events) {
    Connection open = connection;
    EventFrame event = frame;
    if (open == null || event == null || trouble != null) {
      return;
    }
    Buffer frames = Buffer.buffer(events * (EventFrame.EVENT_BYTES + 256));
    for (int i = 0; i < events; i++) {
      event.append(frames, ++sent, System.nanoTime());
    }
    open.write(frames);
  }

  void close() {
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void onEvent(byte[] array, int offset, int length) {
    if (Digits.startsWith(array, offset, length, ACK_PREFIX)) {
      acknowledged = Math.max(acknowledged, Digits.after(SEQ, array, offset, length));
      progressed = true;
    } else if (Digits.startsWith(array, offset, length, REGISTERED_PREFIX)) {
      registered(new String(array, offset, length, StandardCharsets.UTF_8));
    } else if (Digits.startsWith(array, offset, length, ERROR_PREFIX)) {
      onLost("it was told " + new String(array, offset, length, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void onReadEnd() {
    if (progressed) {
      progressed = false;
      ready.tryComplete(this);
      onProgress.run();
    }
  }

  @Override
  public void onLost(String why) {
    trouble = "The worker of " + session + " lost its socket: " + why;
    ready.tryFail(new DriverException(trouble));
  }

  private void registered(String packet) {
    Matcher token = TOKEN.matcher(packet);
    Connection open = connection;
    if (!token.find() || open == null) {
      onLost("it was told " + packet);
      return;
    }
    frame = new EventFrame(session, token.group(1));
    sent = 1;
    open.emit(
        "event",
        "{\"sessionId\":\""
            + session
            + "\",\"token\":\""
            + token.group(1)
            + "\",\"event\":{\"type\":\"session_active\",\"state\":{\"messages\":[]}},\"seq\":1}");
  }
}
