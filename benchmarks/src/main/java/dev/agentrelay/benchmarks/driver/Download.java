package dev.agentrelay.benchmarks.driver;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;

/** A download by a reader that looks at every byte and may stop reading. For one thread. */
public final class Download implements Closeable {
  private static final byte[] END_OF_HEAD = Digits.ascii("\r\n\r\n");
  private static final int MILLIS = 60_000;

  private final Socket socket;
  private final byte[] pattern;
  private final byte[] buffer;
  private long at;

  /**
   * Asks and reads the head of the answer.
   *
   * @param pattern what the body consists of, again and again
   */
  public Download(int port, byte[] request, byte[] pattern) {
    this.pattern = pattern.clone();
    this.buffer = new byte[pattern.length];
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(MILLIS);
      socket.getOutputStream().write(request);
      int matched = 0;
      while (matched < END_OF_HEAD.length) {
        int next = in().read();
        if (next < 0) {
          throw new EOFException("no answer");
        }
        matched = next == END_OF_HEAD[matched] ? matched + 1 : next == '\r' ? 1 : 0;
      }
    } catch (IOException failure) {
      throw new DriverException("a download failed: " + failure, failure);
    }
  }

  /**
   * Reads until so many bytes of the body have come.
   *
   * @throws DriverException when one of them is wrong or missing
   */
  public void readUpTo(long bytes) {
    try {
      while (at < bytes) {
        int place = (int) (at % pattern.length);
        int read = in().read(buffer, 0, (int) Math.min(bytes - at, pattern.length - place));
        if (read < 0) {
          throw new EOFException("cut off after " + at + " bytes");
        }
        if (!Arrays.equals(buffer, 0, read, pattern, place, place + read)) {
          throw new DriverException("a wrong byte after byte " + at);
        }
        at += read;
      }
    } catch (IOException failure) {
      throw new DriverException("a download failed: " + failure, failure);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new DriverException("a download could not be closed: " + failure, failure);
    }
  }

  private InputStream in() throws IOException {
    return socket.getInputStream();
  }
}
