package dev.agentrelay.gateway.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.metric.RelayMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LargeSnapshotsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long MEBIBYTE = 1 << 20;

  private final Vertx vertx = Vertx.vertx();
  private final LargeSnapshots snapshots =
      new LargeSnapshots(vertx, new RelayMetrics(new SimpleMeterRegistry()));
  private final BlockingQueue<Promise<Long>> reading = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    assertThat(vertx.close().toCompletionStage().toCompletableFuture()).succeedsWithin(LIMIT);
  }

  @Test
  void onlySoManyBytesAreReadAtATime() throws Exception {
    CompletableFuture<Long> first = read(40 * MEBIBYTE);
    CompletableFuture<Long> second = read(20 * MEBIBYTE);
    CompletableFuture<Long> third = read(20 * MEBIBYTE);
    Promise<Long> one = next();
    next().complete(2L);
    assertThat(second).succeedsWithin(LIMIT).isEqualTo(2L);
    next().complete(3L);
    assertThat(third).succeedsWithin(LIMIT).isEqualTo(3L);
    assertThat(read(30 * MEBIBYTE)).isNotDone();
    assertThat(reading).isEmpty();
    one.fail("away");
    assertThat(first).failsWithin(LIMIT);
    next().complete(4L);
  }

  @Test
  void whatHasMoreThanAllIsReadAlone() throws Exception {
    CompletableFuture<Long> large = read(500 * MEBIBYTE);
    CompletableFuture<Long> other = read(2 * MEBIBYTE);
    Promise<Long> alone = next();
    assertThat(reading).isEmpty();
    alone.complete(1L);
    assertThat(large).succeedsWithin(LIMIT);
    next().complete(2L);
    assertThat(other).succeedsWithin(LIMIT);
  }

  @Test
  void smallOnesGoAhead() throws Exception {
    assertThat(read(64 * MEBIBYTE)).isNotDone();
    assertThat(next()).isNotNull();
    CompletableFuture<Long> small = read(1_000);
    next().complete(5L);
    assertThat(small).succeedsWithin(LIMIT);
  }

  @Test
  void whatNobodyWantsAnyMoreIsNotRead() throws Exception {
    AtomicBoolean wanted = new AtomicBoolean(true);
    assertThat(read(64 * MEBIBYTE)).isNotDone();
    Promise<Long> first = next();
    CompletableFuture<Long> second =
        snapshots
            .inTurn(2 * MEBIBYTE, wanted::get, this::start)
            .toCompletionStage()
            .toCompletableFuture();
    wanted.set(false);
    first.complete(1L);
    assertThat(second).failsWithin(LIMIT);
    assertThat(reading).isEmpty();
  }

  @Test
  void thoseWhoWaitAreBounded() {
    for (int reader = 0; reader < 1_001; reader++) {
      assertThat(read(64 * MEBIBYTE)).isNotDone();
    }
    assertThat(read(64 * MEBIBYTE)).failsWithin(LIMIT);
  }

  private CompletableFuture<Long> read(long bytes) {
    return snapshots
        .inTurn(bytes, () -> true, this::start)
        .toCompletionStage()
        .toCompletableFuture();
  }

  private Future<Long> start() {
    Promise<Long> promise = Promise.promise();
    reading.add(promise);
    return promise.future();
  }

  private Promise<Long> next() throws InterruptedException {
    return Objects.requireNonNull(reading.poll(LIMIT.toSeconds(), TimeUnit.SECONDS));
  }
}
