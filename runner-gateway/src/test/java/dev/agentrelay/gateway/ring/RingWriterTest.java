package dev.agentrelay.gateway.ring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.socketio.RawJson;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RingWriterTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final String LARGE = "\"" + "l".repeat(70_000) + "\"";

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final TestingRedis redis = new TestingRedis();
  private final TestingListener listener = new TestingListener();
  private final List<Long> stored = new CopyOnWriteArrayList<>();
  private final RingWriter writer =
      new RingWriter(new SessionId("s"), context, redis, listener, 1_000);

  @AfterEach
  void close() {
    assertThat(vertx.close().toCompletionStage().toCompletableFuture()).succeedsWithin(LIMIT);
  }

  @Test
  void eventsOfOneTurnAreOneBatchAndAreStoredInOrder() {
    append(1, 2, 3);
    redis.next().answer(0);
    awaitStored(1, 2, 3);
  }

  @Test
  void aBatchDoesNotWaitForTheOneBefore() {
    append(1);
    Sent first = redis.next();
    append(2);
    Sent second = redis.next();
    first.answer(0);
    second.answer(0);
    awaitStored(1, 2);
  }

  @Test
  void aLargeStepHasNothingUnderWayBesideIt() {
    run(
        () -> {
          writer.append(event(1, "{\"n\":1}"));
          writer.append(event(2, LARGE));
          writer.append(event(3, LARGE));
          writer.append(event(4, "{\"n\":4}"));
        });
    for (long seq = 1; seq <= 4; seq++) {
      Sent sent = redis.next();
      assertThat(sent.seqs()).containsExactly(seq);
      assertThat(redis.sent).isEmpty();
      sent.answer(0);
    }
    awaitStored(1, 2, 3, 4);
  }

  @Test
  void onlySoManyBytesAreUnderWay() {
    String medium = "\"" + "m".repeat(60_000) + "\"";
    run(
        () -> {
          for (long seq = 1; seq <= 40; seq++) {
            writer.append(event(seq, medium));
          }
        });
    List<Sent> underWay = new ArrayList<>(redis.sent);
    assertThat(underWay.stream().mapToLong(sent -> sent.seqs().size()).sum()).isLessThan(30);
    while (!stored.contains(40L)) {
      redis.next().answer(0);
      run(() -> {});
    }
    assertThat(stored).hasSize(40).isSorted();
  }

  @Test
  void whoWatchesIsNotKnownFromAnAnswerThatDoesNotSay() {
    append(1);
    redis.next().answer(RingWriter.NOT_COUNTED);
    append(2);
    redis.next().answer(3);
    awaitStored(1, 2);
    assertThat(listener.watching).containsExactly(3L);
  }

  @Test
  void aMarkerWaitsForAllBeforeItAndForNothingElse() {
    run(() -> writer.append(Append.marker(() -> stored.add(-1L))));
    assertThat(stored).containsExactly(-1L);
    append(1);
    Sent sent = redis.next();
    run(() -> writer.append(Append.marker(() -> stored.add(-2L))));
    assertThat(stored).containsExactly(-1L);
    sent.answer(0);
    redis.next().answer(0);
    awaitStored(-1, 1, -2);
  }

  @Test
  void afterAFailureEverythingUnconfirmedIsSentAgainInOrder() {
    append(1);
    Sent first = redis.next();
    append(2);
    Sent second = redis.next();
    first.fail();
    second.fail();
    append(3);
    Sent again = redis.next();
    assertThat(again.seqs()).containsExactly(1L);
    again.answer(0);
    Sent then = redis.next();
    assertThat(then.seqs()).containsExactly(2L);
    then.answer(0);
    Sent last = redis.next();
    assertThat(last.seqs()).containsExactly(3L);
    last.answer(0);
    awaitStored(1, 2, 3);
  }

  @Test
  void aBatchThatFailsBeforeAnOlderOneIsConfirmedIsSentAgainToo() {
    append(1);
    Sent first = redis.next();
    append(2);
    redis.next().fail();
    first.answer(0);
    Sent again = redis.next();
    assertThat(again.seqs()).containsExactly(2L);
    again.answer(0);
    awaitStored(1, 2);
  }

  @Test
  void anOwnerThatIsFencedWritesNothingMore() {
    append(1);
    redis.next().answer(AppendScript.FENCED);
    assertThat(listener.fenced).succeedsWithin(LIMIT);
    append(2);
    assertThat(redis.sent).isEmpty();
    assertThat(stored).isEmpty();
  }

  @Test
  void aRecordThatRedisHasLostIsRestoredBeforeTheEventsAreSentAgain() {
    append(1);
    redis.next().answer(AppendScript.GONE);
    Sent again = redis.next();
    assertThat(listener.restored).succeedsWithin(LIMIT);
    assertThat(again.seqs()).containsExactly(1L);
    again.answer(0);
    awaitStored(1);
  }

  @Test
  void aLongBacklogPressesUntilItIsHalfGone() throws Exception {
    append(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    assertThat(listener.pressure.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    redis.next().answer(0);
    assertThat(listener.pressure.poll(LIMIT.toSeconds(), TimeUnit.SECONDS)).isFalse();
  }

  private void append(long... seqs) {
    run(
        () -> {
          for (long seq : seqs) {
            writer.append(event(seq, "{\"n\":" + seq + "}"));
          }
        });
  }

  private Append event(long seq, String json) {
    return new Append(
        new Append.Event(seq, Append.Kind.KEPT, RawJson.of(json)), Map.of(), () -> stored.add(seq));
  }

  private void run(Runnable onContext) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        turn -> {
          onContext.run();
          done.complete(null);
        });
    assertThat(done).succeedsWithin(LIMIT);
  }

  private void awaitStored(long... expected) {
    List<Long> wanted = Arrays.stream(expected).boxed().toList();
    CompletableFuture<Void> reached = new CompletableFuture<>();
    long check =
        vertx.setPeriodic(
            5,
            tick -> {
              if (stored.equals(wanted)) {
                reached.complete(null);
              }
            });
    assertThat(reached).as("stored " + stored + ", wanted " + wanted).succeedsWithin(LIMIT);
    vertx.cancelTimer(check);
  }

  /** A batch on its way to Redis, answered by the test. */
  private record Sent(List<Append> batch, Promise<Long> promise) {
    List<Long> seqs() {
      return batch.stream()
          .map(Append::event)
          .map(event -> event == null ? -1L : event.seq())
          .toList();
    }

    void answer(long result) {
      promise.complete(result);
    }

    void fail() {
      promise.fail("away");
    }
  }

  private static final class TestingRedis implements RingWriter.Sender {
    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    @Override
    public Future<Long> send(List<Append> batch) {
      Promise<Long> promise = Promise.promise();
      sent.add(new Sent(batch, promise));
      return promise.future();
    }

    Sent next() {
      try {
        Sent next = sent.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("a batch").isNotNull();
        return Objects.requireNonNull(next);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final class TestingListener implements RingWriter.Listener {
    final CompletableFuture<Void> fenced = new CompletableFuture<>();
    final CompletableFuture<Void> restored = new CompletableFuture<>();
    final List<Long> watching = new CopyOnWriteArrayList<>();
    final BlockingQueue<Boolean> pressure = new LinkedBlockingQueue<>();

    @Override
    public void fenced() {
      fenced.complete(null);
    }

    @Override
    public Future<Void> restore() {
      restored.complete(null);
      return Future.succeededFuture();
    }

    @Override
    public void watchedElsewhere(long replicas) {
      watching.add(replicas);
    }

    @Override
    public void pressure(boolean high) {
      pressure.add(high);
    }
  }
}
