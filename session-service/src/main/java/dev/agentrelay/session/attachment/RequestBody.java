package dev.agentrelay.session.attachment;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request for one worker thread. Some of it waits here, so that the network does not
 * stand still while the disk is written to: the stream of the server asks for one buffer at a time,
 * which takes half as long again.
 */
final class RequestBody extends InputStream {
  /** The network is stopped beyond this, and may bring one buffer more. */
  private static final int MOST_WAITING = 524_288;

  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

  private final HttpServerRequest request;
  private final Context loop;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Buffer> waiting = new ArrayDeque<>();
  private int waitingBytes;

  /** How much of the first of them has been read. */
  private int taken;

  private boolean begun;
  private boolean paused;
  private boolean ended;
  private @Nullable Throwable failure;

  /** Takes over the body of the current request, which is paused until it is read. */
  RequestBody(HttpServerRequest request) {
    this.request = request;
    this.loop = Objects.requireNonNull(Vertx.currentContext(), "outside of a request");
  }

  private void begin() {
    if (request.isEnded()) {
      finish(null);
    } else if (request.response().closed()) {
      finish(new IOException("the client is gone"));
    } else {
      request.handler(this::add).endHandler(end -> finish(null)).exceptionHandler(this::finish);
      if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
        request.response().writeContinue();
      }
      request.resume();
    }
  }

  private void add(Buffer piece) {
    lock.lock();
    try {
      waiting.add(piece);
      waitingBytes += piece.length();
      if (waitingBytes >= MOST_WAITING) {
        paused = true;
        request.pause();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nothing more comes.
   *
   * @param cause why the body has broken off; null when this is its end
   */
  private void finish(@Nullable Throwable cause) {
    lock.lock();
    try {
      if (!ended) {
        ended = true;
        failure = cause;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (!begun) {
      begun = true;
      loop.runOnContext(now -> begin());
    }
    lock.lock();
    try {
      Buffer piece = await();
      if (piece == null) {
        return -1;
      }
      int some = Math.min(length, piece.length() - taken);
      piece.getBytes(taken, taken + some, buffer, offset);
      taken += some;
      waitingBytes -= some;
      if (taken == piece.length()) {
        waiting.remove();
        taken = 0;
      }
      if (paused && waitingBytes <= MOST_WAITING / 2) {
        paused = false;
        request.resume();
      }
      return some;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** The next piece, which stays where it is; null at the end. */
  private @Nullable Buffer await() throws IOException, InterruptedException {
    long left = LONGEST_SILENCE.toNanos();
    while (waiting.isEmpty() && !ended) {
      if (left <= 0) {
        request.connection().close();
        throw new IOException("nothing more of the body has come for " + LONGEST_SILENCE);
      }
      left = changed.awaitNanos(left);
    }
    if (waiting.isEmpty() && failure != null) {
      throw new IOException("the body has broken off", failure);
    }
    return waiting.peek();
  }
}
