package dev.agentrelay.benchmarks.driver;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A worker that hands over a large transcript in chunks (sockets.md 4.4.4). Its frames are encoded
 * before, because real workers do that on machines of their own. For any thread but the driver's.
 */
public final class TranscriptWorker implements AutoCloseable {
  private static final int UNDER_WAY = 12;

  private final Driver driver;
  private final Client client;

  private TranscriptWorker(Driver driver, Client client) {
    this.driver = driver;
    this.client = client;
  }

  /**
   * Registers a session and encodes its transcript.
   *
   * @param chunks how many there are, with one message each
   * @param bytes how long each message is
   */
  public static TranscriptWorker register(Driver driver, int port, int chunks, int bytes) {
    Client client = new Client(chunks, bytes);
    driver.await(
        () ->
            Connection.open(driver, port, "/relay", client)
                .compose(
                    connection -> {
                      client.connection = connection;
                      connection.emit(
                          "register",
                          "{\"sessionId\":\""
                              + client.session
                              + "\",\"cwd\":\"/benchmark\",\"ephemeral\":true,\"collabMode\":true}");
                      return client.registered.future();
                    }));
    return new TranscriptWorker(driver, client);
  }

  /** Sends it; returns when the last chunk is acknowledged. */
  public void handOver() {
    driver.await(client::handOver);
  }

  @Override
  public void close() {
    driver.await(
        () -> {
          if (client.connection != null) {
            client.connection.close();
          }
          return Future.succeededFuture();
        });
  }

  /** Confined to the driver's thread. */
  private static final class Client implements Connection.Client {
    final String session = UUID.randomUUID().toString();
    final Promise<Boolean> registered = Promise.promise();
    private final Promise<Boolean> done = Promise.promise();
    private final int chunks;
    private final String text;
    private final List<Buffer> frames = new ArrayList<>();
    @Nullable Connection connection;
    private int sent;
    private long acknowledged;

    Client(int chunks, int bytes) {
      this.chunks = chunks;
      this.text = "m".repeat(bytes);
    }

    Future<Boolean> handOver() {
      sendMore();
      return done.future();
    }

    @Override
    public void onEvent(byte[] array, int offset, int length) {
      if (Digits.startsWith(array, offset, length, Worker.ACK_PREFIX)) {
        acknowledged = Math.max(acknowledged, Digits.after(Worker.SEQ, array, offset, length));
        sendMore();
        if (acknowledged >= frames.size()) {
          done.tryComplete(true);
        }
      } else if (Digits.startsWith(array, offset, length, Worker.REGISTERED_PREFIX)) {
        String packet = new String(array, offset, length, StandardCharsets.UTF_8);
        Matcher token = Worker.TOKEN.matcher(packet);
        if (token.find()) {
          encode(token.group(1));
          registered.tryComplete(true);
        } else {
          onLost("it was told " + packet);
        }
      }
    }

    @Override
    public void onLost(String why) {
      DriverException lost = new DriverException("A worker with a transcript was cut off: " + why);
      registered.tryFail(lost);
      done.tryFail(lost);
    }

    private void sendMore() {
      Connection open = connection;
      while (open != null && sent < frames.size() && sent - acknowledged < UNDER_WAY) {
        open.write(frames.get(sent++));
      }
    }

    private void encode(String token) {
      add(
          token,
          "{\"type\":\"session_active\",\"state\":{\"messages\":[],\"chunked\":true,\"snapshotId\":\"s\","
              + "\"totalMessages\":"
              + chunks
              + "}}");
      for (int chunk = 0; chunk < chunks; chunk++) {
        add(
            token,
            "{\"type\":\"session_messages_chunk\",\"snapshotId\":\"s\",\"chunkIndex\":"
                + chunk
                + ",\"totalChunks\":"
                + chunks
                + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                + text
                + "\"}],\"final\":"
                + (chunk == chunks - 1)
                + "}");
      }
    }

    private void add(String token, String event) {
      Buffer frame = Buffer.buffer(event.length() + 256);
      Frames.appendText(
          frame,
          "42/relay,[\"event\",{\"sessionId\":\""
              + session
              + "\",\"token\":\""
              + token
              + "\",\"event\":"
              + event
              + ",\"seq\":"
              + (frames.size() + 1)
              + "}]");
      frames.add(frame);
    }
  }
}
