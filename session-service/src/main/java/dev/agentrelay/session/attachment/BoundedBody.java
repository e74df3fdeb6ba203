package dev.agentrelay.session.attachment;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails when it turns out to be longer than its limit. */
final class BoundedBody extends FilterInputStream {
  private static final int BUFFER = 65_536;

  private final long limit;
  private long read;

  BoundedBody(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  boolean isOverLimit() {
    return read > limit;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    if (next >= 0) {
      count(1);
    }
    return next;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int some = super.read(buffer, offset, length);
    if (some > 0) {
      count(some);
    }
    return some;
  }

  @Override
  public long skip(long bytes) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(bytes, BUFFER)]));
  }

  private void count(int bytes) throws IOException {
    read += bytes;
    if (isOverLimit()) {
      throw new IOException("the body is longer than " + limit + " bytes");
    }
  }

  /** Reads what is left, up to the limit once more, and throws it away. */
  void drain() {
    byte[] buffer = new byte[BUFFER];
    try {
      for (long left = limit; left > 0; ) {
        int some = in.read(buffer);
        if (some < 0) {
          return;
        }
        left -= some;
      }
    } catch (IOException gone) {
      // The client does not wait for an answer.
    }
  }
}
