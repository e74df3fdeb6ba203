package dev.agentrelay.tunnel.viewer;

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
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait for a slow viewer, first in memory, then in a temporary file, and in memory again
 * once the file is full: from there on the {@link Backlog} has the runner wait. Confined to one
 * event loop; the file is used on worker threads.
 */
final class SpillQueue {
  private static final int PIECE_BYTES = 256 * 1024;

  private final Vertx vertx;
  private final Backlog backlog;
  private final long memoryBytes;
  private final long fileBytes;
  private final Runnable onReady;
  private final Runnable onFailure;

  /** In order: what is in memory, then what is in the file, then what is on its way there. */
  private final Deque<Piece> first = new ArrayDeque<>();

  private final Deque<Buffer> last = new ArrayDeque<>();
  private long firstBytes;
  private @Nullable FileChannel file;
  private long readAt;
  private long writtenTo;
  private boolean busy;
  private boolean closed;

  /**
   * @param counted whether the backlog still counts these bytes
   */
  private record Piece(Buffer bytes, boolean counted) {}

  /**
   * @param onReady run when there is something to take after there was nothing for a while
   * @param onFailure run when the file failed and bytes are lost
   */
  SpillQueue(
      Vertx vertx,
      Backlog backlog,
      long memoryBytes,
      long fileBytes,
      Runnable onReady,
      Runnable onFailure) {
    this.vertx = vertx;
    this.backlog = backlog;
    this.memoryBytes = memoryBytes;
    this.fileBytes = fileBytes;
    this.onReady = onReady;
    this.onFailure = onFailure;
  }

  boolean isEmpty() {
    return first.isEmpty() && last.isEmpty() && readAt == writtenTo && !busy;
  }

  void add(Buffer bytes) {
    boolean nothingBehind = last.isEmpty() && readAt == writtenTo && !busy;
    if (nothingBehind && (fileBytes == 0 || firstBytes + bytes.length() <= memoryBytes)) {
      first.add(new Piece(bytes, true));
      firstBytes += bytes.length();
    } else {
      last.add(bytes);
      move();
    }
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
      backlog.went(next.bytes().length());
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
    } else if (!last.isEmpty() && writtenTo + last.getFirst().length() <= fileBytes) {
      write();
    }
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
          backlog.went(written.length());
        });
  }

  private void run(Future<Buffer> step, Consumer<Buffer> then) {
    busy = true;
    step.onComplete(
        result -> {
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
        });
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
