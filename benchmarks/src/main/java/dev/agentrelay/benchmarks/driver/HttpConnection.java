package dev.agentrelay.benchmarks.driver;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One kept-alive connection that reads answers and forgets their bodies. It is spoken by hand,
 * because a client that parses and copies would cost more than what it measures. For one thread.
 */
final class HttpConnection implements Closeable {
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int ANSWER_MILLIS = 120_000;

  private final Socket socket;
  private final InputStream in;
  private final byte[] scratch = new byte[BUFFER_BYTES];

  HttpConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(ANSWER_MILLIS);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
  }

  /** Sends a whole request and reads the whole answer; gives its status. */
  int exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    long length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
    }
    if (chunked) {
      for (long size = chunkSize(); size > 0; size = chunkSize()) {
        skip(size);
        line();
      }
      line();
    } else if (status != 204 && status != 304) {
      skip(length);
    }
    return status;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private long chunkSize() throws IOException {
    return Long.parseLong(line().split(";", 2)[0].strip(), 16);
  }

  private void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int read = in.read(scratch, 0, (int) Math.min(left, scratch.length));
      if (read < 0) {
        throw new EOFException("the answer was cut off");
      }
      left -= read;
    }
  }

  private String line() throws IOException {
    int length = 0;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the connection was closed");
      }
      scratch[length++] = (byte) next;
    }
    int end = length > 0 && scratch[length - 1] == '\r' ? length - 1 : length;
    return new String(scratch, 0, end, StandardCharsets.ISO_8859_1);
  }
}
