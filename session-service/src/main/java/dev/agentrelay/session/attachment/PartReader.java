package dev.agentrelay.session.attachment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a {@code multipart} body into its parts (RFC 2046 5.1), a buffer at a time. Boundaries are
 * searched for by skipping (Horspool): looking at every byte costs more than moving them. One
 * thread at a time.
 */
final class PartReader {
  private static final int BUFFER = 131_072;
  private static final int LONGEST_BOUNDARY = 256;
  private static final int LARGEST_HEADER = 16_384;

  private final InputStream body;
  private final byte[] delimiter;
  private final int[] skips = new int[256];
  private final byte[] buffer = new byte[BUFFER];
  private int head;
  private int tail;

  /** Takes a piece of a part's content out of the reader's own buffer. */
  @FunctionalInterface
  interface Sink {
    void take(byte[] buffer, int offset, int length) throws IOException;
  }

  /**
   * @throws MalformedBodyException when there can be no such boundary
   */
  PartReader(InputStream body, String boundary) throws MalformedBodyException {
    if (boundary.isEmpty() || boundary.length() > LONGEST_BOUNDARY) {
      throw new MalformedBodyException("the boundary has " + boundary.length() + " characters");
    }
    this.body = body;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(skips, delimiter.length);
    for (int i = 0; i < delimiter.length - 1; i++) {
      skips[delimiter[i] & 0xFF] = delimiter.length - 1 - i;
    }
    // The first boundary may stand at the very beginning.
    buffer[tail++] = '\r';
    buffer[tail++] = '\n';
  }

  /** The body is no multipart body, or ends before it should. */
  static final class MalformedBodyException extends IOException {
    MalformedBodyException(String message) {
      super(message);
    }
  }

  /** Goes on to the next part, past what is left of this one; false after the last. */
  boolean next() throws IOException {
    readContent((bytes, offset, length) -> {});
    head += delimiter.length;
    while (tail - head < 2) {
      fill();
    }
    if (buffer[head] == '-' && buffer[head + 1] == '-') {
      return false;
    }
    if (!readLine().isBlank()) {
      throw new MalformedBodyException("a boundary goes on");
    }
    return true;
  }

  /** The part's header lines, before anything else of it is read. */
  String readHeader() throws IOException {
    StringBuilder header = new StringBuilder();
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      header.append(line).append('\n');
      if (header.length() > LARGEST_HEADER) {
        throw new MalformedBodyException("a part has too large a header");
      }
    }
    return header.toString();
  }

  /** Reads the rest of the part. */
  void readContent(Sink sink) throws IOException {
    int found = find();
    while (found < 0) {
      int sure = Math.max(0, tail - head - delimiter.length + 1);
      sink.take(buffer, head, sure);
      head += sure;
      fill();
      found = find();
    }
    sink.take(buffer, head, found - head);
    head = found;
  }

  /** Where the next delimiter begins; -1 when it is not in the buffer. */
  private int find() {
    int last = delimiter.length - 1;
    for (int at = head + last; at < tail; at += skips[buffer[at] & 0xFF]) {
      if (buffer[at] == delimiter[last] && isDelimiterAt(at - last)) {
        return at - last;
      }
    }
    return -1;
  }

  private boolean isDelimiterAt(int start) {
    return Arrays.equals(buffer, start, start + delimiter.length, delimiter, 0, delimiter.length);
  }

  private String readLine() throws IOException {
    int end = head;
    while (true) {
      while (tail - end < 2) {
        int read = end - head;
        fill();
        end = head + read;
      }
      if (buffer[end] == '\r' && buffer[end + 1] == '\n') {
        String line = new String(buffer, head, end - head, StandardCharsets.UTF_8);
        head = end + 2;
        return line;
      }
      if (++end - head > LARGEST_HEADER) {
        throw new MalformedBodyException("a line of a part's header is too long");
      }
    }
  }

  /** Gets more of the body behind what is not read yet, which moves to the buffer's beginning. */
  private void fill() throws IOException {
    System.arraycopy(buffer, head, buffer, 0, tail - head);
    tail -= head;
    head = 0;
    int read = body.read(buffer, tail, buffer.length - tail);
    if (read < 0) {
      throw new MalformedBodyException("the body ends before its last boundary");
    }
    tail += read;
  }
}
