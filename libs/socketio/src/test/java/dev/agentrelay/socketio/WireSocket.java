package dev.agentrelay.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A bare WebSocket that speaks the wire as it is told. */
final class WireSocket implements WebSocket.Listener, AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> binaries = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private volatile boolean reading = true;
  private @Nullable WebSocket socket;

  private WireSocket() {}

  static WireSocket open(int port, String query) throws Exception {
    WireSocket wire = new WireSocket();
    wire.socket =
        wire.http
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://localhost:" + port + "/socket.io/?" + query), wire)
            .get(20, TimeUnit.SECONDS);
    return wire;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      texts.add(partial.toString());
      partial.setLength(0);
    }
    readOn(from);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    binaries.add(bytes);
    readOn(from);
    return null;
  }

  private void readOn(WebSocket from) {
    if (reading) {
      from.request(1);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    closed.complete(status);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    closed.complete(-1);
  }

  private WebSocket socket() {
    WebSocket open = socket;
    if (open == null) {
      throw new IllegalStateException("not open");
    }
    return open;
  }

  /** The next text message that is no ping. */
  String next() throws InterruptedException {
    String text = texts.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("next message").isNotNull();
    return text.equals("2") ? next() : text;
  }

  /** The next text message, pings included. */
  String nextRaw() throws InterruptedException {
    String text = texts.poll(20, TimeUnit.SECONDS);
    assertThat(text).as("next message").isNotNull();
    return text;
  }

  byte[] nextBinary() throws InterruptedException {
    byte[] bytes = binaries.poll(20, TimeUnit.SECONDS);
    assertThat(bytes).as("next binary message").isNotNull();
    return bytes;
  }

  void send(String text) throws Exception {
    socket().sendText(text, true).get(30, TimeUnit.SECONDS);
  }

  /** Sends one message in several fragments. */
  void sendFragments(String text, int fragmentLength) throws Exception {
    for (int from = 0; from < text.length(); from += fragmentLength) {
      int to = Math.min(text.length(), from + fragmentLength);
      socket().sendText(text.substring(from, to), to == text.length()).get(30, TimeUnit.SECONDS);
    }
  }

  void sendBinary(int... bytes) throws Exception {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      message[i] = (byte) bytes[i];
    }
    socket().sendBinary(ByteBuffer.wrap(message), true).get(30, TimeUnit.SECONDS);
  }

  void stopReading() {
    reading = false;
  }

  /** Waits for the end; answers the WebSocket status, or -1 if TCP broke off. */
  int awaitClosed() throws Exception {
    return closed.get(20, TimeUnit.SECONDS);
  }

  boolean isOpen() {
    return !closed.isDone();
  }

  @Override
  public void close() {
    socket().abort();
    http.shutdownNow();
  }
}
