package dev.agentrelay.tunnel.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that wait in memory and in a file come out as they went in. */
class SpillQueueTest {
  private static final int MEMORY = 64 * 1024;
  private static final long MUCH = 1L << 30;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final AtomicLong gone = new AtomicLong();

  @AfterEach
  void closeVertx() {
    vertx.close();
  }

  /** One that is slow from the beginning, and is read when all has come. */
  private final class Reader {
    final CompletableFuture<Buffer> all = new CompletableFuture<>();
    private final Buffer read = Buffer.buffer();
    private final SpillQueue queue;
    private boolean reading;

    Reader(SpillSpace space) {
      queue =
          space.queue(
              gone::addAndGet,
              this::take,
              () -> all.completeExceptionally(new IllegalStateException("bytes are lost")));
    }

    void readFrom(Buffer bytes, int piece) {
      for (int from = 0; from < bytes.length(); from += piece) {
        queue.add(bytes.getBuffer(from, Math.min(bytes.length(), from + piece)));
      }
      reading = true;
      take();
    }

    private void take() {
      if (!reading || all.isDone()) {
        return;
      }
      for (Buffer next = queue.poll(); next != null; next = queue.poll()) {
        read.appendBuffer(next);
      }
      if (queue.isEmpty()) {
        queue.close();
        all.complete(read);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, 0",
    "1, 1000000, 1073741824",
    "100, 1000000, 1073741824",
    "5000, 100000, 1073741824",
    "70000, 1000000, 1073741824",
    "70000, 1000000, 80000",
    "70000, 1000000, 0"
  })
  void bytesComeOutInOrderHoweverTheyCome(int piece, long file, long total) throws Exception {
    Buffer bytes = random(700_000);
    SpillSpace space = new SpillSpace(vertx, MEMORY, file, total);
    Buffer read = read(space, bytes, piece);
    assertThat(read.getBytes()).isEqualTo(bytes.getBytes());
    assertThat(gone).hasValue(bytes.length());
  }

  /** The disk may be done before anybody has asked it to tell. */
  @Test
  void aDiskThatIsFasterThanTheQueueChangesNoOrder() throws Exception {
    Buffer bytes = random(2_000_000);
    Buffer read = read(new SpillSpace(withInstantDisk(), MEMORY, MUCH, MUCH), bytes, 70_000);
    assertThat(read.getBytes()).isEqualTo(bytes.getBytes());
  }

  /** The same Vert.x, but what blocks is over when it has been asked for. */
  private Vertx withInstantDisk() {
    return (Vertx)
        Proxy.newProxyInstance(
            Vertx.class.getClassLoader(),
            new Class<?>[] {Vertx.class},
            (proxy, method, arguments) ->
                method.getName().equals("executeBlocking")
                    ? Future.succeededFuture(((Callable<?>) arguments[0]).call())
                    : method.invoke(vertx, arguments));
  }

  @Test
  void whatAQueueHasTakenOfTheDiskIsGivenBack() throws Exception {
    SpillSpace space = new SpillSpace(vertx, MEMORY, MUCH, 1_000_000);
    for (int round = 0; round < 3; round++) {
      read(space, random(800_000), 50_000);
      assertThat(space.take(1_000_000)).isTrue();
      assertThat(space.take(1)).isFalse();
      space.give(1_000_000);
    }
  }

  @Test
  void fewBytesAtATimeArePutTogether() throws Exception {
    SpillSpace space = new SpillSpace(vertx, MEMORY, 0, 0);
    CompletableFuture<@Nullable Buffer> first = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          SpillQueue queue = space.queue(gone::addAndGet, () -> {}, () -> {});
          for (int i = 0; i < 10_000; i++) {
            queue.add(Buffer.buffer("x"));
          }
          first.complete(queue.poll());
        });
    assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Buffer.buffer("x".repeat(10_000)));
  }

  private Buffer read(SpillSpace space, Buffer bytes, int piece) throws Exception {
    CompletableFuture<Buffer> all = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          Reader reader = new Reader(space);
          var unused =
              reader.all.whenComplete(
                  (read, failure) -> {
                    if (failure == null) {
                      all.complete(read);
                    } else {
                      all.completeExceptionally(failure);
                    }
                  });
          reader.readFrom(bytes, piece);
        });
    return all.get(30, TimeUnit.SECONDS);
  }

  private static Buffer random(int length) {
    byte[] bytes = new byte[length];
    new Random(3).nextBytes(bytes);
    return Buffer.buffer(bytes);
  }
}
