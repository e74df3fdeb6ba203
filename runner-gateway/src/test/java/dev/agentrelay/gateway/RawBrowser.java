package dev.agentrelay.gateway;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A browser's WebSocket that reads only when it is told to, with little room in its own buffers: a
 * peer that a client library cannot play.
 */
final class RawBrowser implements AutoCloseable {
  private static final int RECEIVE_BUFFER = 32 * 1024;
  private static final int CLOSE = 8;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  RawBrowser(URI relay) {
    try {
      socket.setReceiveBufferSize(RECEIVE_BUFFER);
      socket.setSoTimeout(30_000);
      socket.connect(new InetSocketAddress(relay.getHost(), relay.getPort()));
      in = new DataInputStream(socket.getInputStream());
      String key = Base64.getEncoder().encodeToString(new byte[16]);
      write(
          ("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: relay\r\n"
                  + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: "
                  + key
                  + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      int matched = 0;
      while (matched < 4) {
        int next = in.readUnsignedByte();
        boolean expected = next == (matched % 2 == 0 ? '\r' : '\n');
        matched = expected ? matched + 1 : 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends a short text message, masked with zeros. */
  void send(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    boolean isShort = payload.length < 126;
    int head = isShort ? 6 : 8;
    byte[] frame = new byte[payload.length + head];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | (isShort ? payload.length : 126));
    if (!isShort) {
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    System.arraycopy(payload, 0, frame, head, payload.length);
    try {
      write(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until a message starts like that, answering pings, and gives it whole. */
  String awaitMessage(String start) {
    try {
      while (true) {
        String message = read();
        if (message.startsWith(start)) {
          return message;
        }
        if (message.equals("2")) {
          send("3");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until the relay ends the connection, and gives what came without the pings. */
  List<String> readToTheEnd() {
    return readToTheEnd(() -> send("3"));
  }

  /** Leaves pings unanswered until the relay takes it for gone. */
  void keepSilentToTheEnd() {
    readToTheEnd(() -> {});
  }

  private List<String> readToTheEnd(Runnable pinged) {
    List<String> messages = new ArrayList<>();
    try {
      while (true) {
        String message = read();
        if (message.equals("2")) {
          pinged.run();
        } else {
          messages.add(message);
        }
      }
    } catch (EOFException | SocketException ended) {
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean last;
    do {
      int first = in.readUnsignedByte();
      if ((first & 0x0f) == CLOSE) {
        throw new EOFException("closed");
      }
      last = (first & 0x80) != 0;
      int length = in.readUnsignedByte();
      long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
      text.append(new String(in.readNBytes((int) size), StandardCharsets.UTF_8));
    } while (!last);
    return text.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
