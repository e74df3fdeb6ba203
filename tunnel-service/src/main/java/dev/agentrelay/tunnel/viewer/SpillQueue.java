package dev.agentrelay.tunnel.viewer;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait for a slow viewer, first in memory, then in a temporary file, and in memory again
 * once the file is full: from there on the {@link Backlog} has the runner wait. Confined to one
 * event loop; the file is used on worker threads.
 */
final class SpillQueue {
  private static final int PIECE_BYTES = 256 * 1024;

  /** Smaller ones are put together: each takes more memory than it has bytes. */
  private static final int SMALL_BYTES = 4 * 1024;

  private final Vertx vertx;
  private final SpillSpace space;
  private final long memoryBytes;
  private final long fileBytes;
  private final LongConsumer onGone;
  private final Runnable onReady;
  private final Runnable onFailure;

  /** In order: what is in memory, then what is in the file, then what is on its way there. */
  private final Deque<Piece> first = new ArrayDeque<>();

  private final Deque<Buffer> last = new ArrayDeque<>();
  private long firstBytes;
  private @Nullable FileChannel file;
  private long readAt;
  private long writtenTo;
  private long fileSize;
  private boolean busy;
  private boolean closed;

  /**
   * @param counted whether these bytes were never said to be gone
   */
  private record Piece(Buffer bytes, boolean counted) {}

  SpillQueue(
      Vertx vertx,
      SpillSpace space,
      long memoryBytes,
      long fileBytes,
      LongConsumer onGone,
      Runnable onReady,
      Runnable onFailure) {
    this.vertx = vertx;
    this.space = space;
    this.memoryBytes = memoryBytes;
    this.fileBytes = fileBytes;
    this.onGone = onGone;
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  boolean isEmpty() {
    return first.isEmpty() && last.isEmpty() && readAt == writtenTo && !busy;
  }

  void add(Buffer bytes) {
    boolean nothingBehind = last.isEmpty() && readAt == writtenTo && !busy;
    if (nothingBehind && (fileBytes == 0 || firstBytes + bytes.length() <= memoryBytes)) {
      Piece before = first.peekLast();
      if (before == null || !before.counted() || !joins(before.bytes(), bytes)) {
        first.add(new Piece(bytes, true));
      }
      firstBytes += bytes.length();
    } else {
      if (last.isEmpty() || !joins(last.getLast(), bytes)) {
        last.add(bytes);
      }
      move();
    }
  }

  /** Whether the bytes were few and are part of those before now. */
  private static boolean joins(Buffer before, Buffer bytes) {
    boolean few = bytes.length() < SMALL_BYTES && before.length() < PIECE_BYTES;
    if (few) {
      before.appendBuffer(bytes);
    }
    return few;
  }

  /** The next bytes; {@code null} when there are none right now. */
  @Nullable Buffer poll() {
    if (first.isEmpty()) {
      move();
    }
    Piece next = first.poll();
    if (next == null) {
      return null;
    }
    firstBytes -= next.bytes().length();
    if (next.counted()) {
      onGone.accept(next.bytes().length());
    }
    if (first.isEmpty()) {
      move();
    }
    return next.bytes();
  }

  /**
   * Moves what waits one step nearer to the viewer, or out of memory. It must not tell the viewer's
   * side, which may be about to write what it has just taken.
   */
  private void move() {
    if (busy || closed) {
      return;
    }
    if (first.isEmpty() && readAt < writtenTo) {
      read();
    } else if (first.isEmpty() && !last.isEmpty()) {
      readAt = 0;
      writtenTo = 0; // all of the file has been read: it begins anew
      last.forEach(bytes -> first.add(new Piece(bytes, true)));
      firstBytes = last.stream().mapToLong(Buffer::length).sum();
      last.clear();
    } else if (!last.isEmpty() && fits(writtenTo + last.getFirst().length())) {
      write();
    }
  }

  /** Whether the file may be that long. It never gets shorter until it is deleted. */
  private boolean fits(long size) {
    if (size > fileBytes || (size > fileSize && !space.take(size - fileSize))) {
      return false;
    }
    fileSize = Math.max(fileSize, size);
    return true;
  }

  private void read() {
    long from = readAt;
    int size = (int) Math.min(PIECE_BYTES, writtenTo - from);
    run(
        vertx.executeBlocking(
            () -> {
              ByteBuffer into = ByteBuffer.allocate(size);
              while (into.hasRemaining() && open().read(into, from + into.position()) >= 0) {
                // until it is full
              }
              return Buffer.buffer(into.array());
            }),
        piece -> {
          readAt += size;
          first.add(new Piece(piece, false));
          firstBytes += size;
        });
  }

  private void write() {
    Buffer bytes = last.removeFirst();
    long at = writtenTo;
    run(
        vertx.executeBlocking(
            () -> {
              ByteBuffer from = ByteBuffer.wrap(bytes.getBytes());
              while (from.hasRemaining()) {
                open().write(from, at + from.position());
              }
              return bytes;
            }),
        written -> {
          writtenTo += written.length();
          onGone.accept(written.length());
        });
  }

  /**
   * A step that is over already would have its end heard at once, in the middle of a poll, and the
   * viewer be written what comes after the bytes that are just being polled: hence the detour.
   */
  private void run(Future<Buffer> step, Consumer<Buffer> then) {
    busy = true;
    Context context = vertx.getOrCreateContext();
    step.onComplete(result -> context.runOnContext(now -> end(result, then)));
  }

  private void end(AsyncResult<Buffer> result, Consumer<Buffer> then) {
    busy = false;
    if (closed) {
      closeFile();
    } else if (result.succeeded()) {
      then.accept(result.result());
      move();
      if (!first.isEmpty()) {
        onReady.run();
      }
    } else {
      onFailure.run();
    }
  }

  /** Called by one step at a time, on whatever thread that runs. */
  private FileChannel open() throws IOException {
    FileChannel opened = file;
    if (opened == null) {
      opened =
          FileChannel.open(
              Files.createTempFile("tunnel-", ".part"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      file = opened;
    }
    return opened;
  }

  /** Drops everything. */
  void close() {
    if (!closed) {
      closed = true;
      first.clear();
      last.clear();
      if (!busy) {
        closeFile();
      }
    }
  }

  private void closeFile() {
    space.give(fileSize);
    FileChannel opened = file;
    if (opened != null) {
      vertx.executeBlocking(
          () -> {
            opened.close();
            return opened;
          });
    }
  }
}
