package dev.agentrelay.benchmarks.driver;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The one thread on which all clients live, so that none of them needs a lock. Its own methods are
 * for other threads.
 */
public final class Driver implements AutoCloseable {
  /** Whose runners and sessions they all are. */
  public static final UserId USER = new UserId("benchmark");

  /** The key that every client shows. */
  public static final String API_KEY = TestingIdentities.apiKey(USER);

  private static final int LIMIT_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context context = vertx.getOrCreateContext();
  private final NetClient client =
      vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(10_000));

  public Vertx vertx() {
    return vertx;
  }

  NetClient client() {
    return client;
  }

  /** Runs the task on the driver's thread and waits for what it promises, a minute at most. */
  public <T> T await(Supplier<Future<T>> task) {
    Promise<T> promised = Promise.promise();
    context.runOnContext(
        turn -> {
          try {
            task.get().onComplete(promised);
          } catch (RuntimeException broken) {
            promised.fail(broken);
          }
        });
    var done = promised.future().toCompletionStage().toCompletableFuture();
    try {
      return done.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      throw new DriverException(
          String.valueOf(cause == null ? failure.getMessage() : cause.getMessage()), failure);
    } catch (TimeoutException failure) {
      throw new DriverException(
          "The gateway left a client without answer for " + LIMIT_SECONDS + " s", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DriverException("interrupted", interrupted);
    }
  }

  /** Asks the driver's thread for a value. */
  public <T> T ask(Supplier<T> question) {
    return await(() -> Future.succeededFuture(question.get()));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
