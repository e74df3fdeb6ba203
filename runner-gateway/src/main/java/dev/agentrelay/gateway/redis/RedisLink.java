package dev.agentrelay.gateway.redis;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One pipelined connection for all commands, so that what is sent first is done first. A command
 * sent while Redis is away fails at once; whoever must not lose it tries again. Thread-safe;
 * answers come on the caller's context.
 */
@Startup
@Singleton
public class RedisLink {
  private static final Logger LOG = Logger.getLogger(RedisLink.class);
  private static final Duration RECONNECT_DELAY = Duration.ofMillis(250);

  private final Vertx vertx;
  private final Redis redis;
  private volatile @Nullable RedisConnection connection;
  private final List<Runnable> upListeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  RedisLink(Vertx vertx, Redis redis) {
    this.vertx = vertx;
    this.redis = redis;
    connect();
  }

  /** Whether commands can be sent right now. */
  public boolean isUp() {
    return connection != null;
  }

  /** Runs {@code listener} each time Redis can be reached again, and at once if it can be now. */
  public void onUp(Runnable listener) {
    upListeners.add(listener);
    if (isUp()) {
      listener.run();
    }
  }

  /**
   * Sends one command behind everything sent before it. Fails when Redis is away or answers an
   * error.
   */
  public Future<@Nullable Response> send(Request request) {
    RedisConnection current = connection;
    return current == null ? Future.failedFuture(new RedisAway()) : current.send(request);
  }

  /** Sends several commands at once; fails when any of them does. */
  public Future<List<@Nullable Response>> batch(List<Request> requests) {
    RedisConnection current = connection;
    return current == null ? Future.failedFuture(new RedisAway()) : current.batch(requests);
  }

  /** Runs a script in one step. It is sent whole only when the server does not know it yet. */
  public Future<@Nullable Response> run(Script script, List<String> keys, List<Object> arguments) {
    return send(script.request(Command.EVALSHA, script.sha(), keys, arguments))
        .recover(
            failure ->
                Script.isUnknown(failure)
                    ? send(script.request(Command.EVAL, script.source(), keys, arguments))
                    : Future.failedFuture(failure));
  }

  /** Has Redis know a script beforehand, so that the first runs of it need not be sent again. */
  public void know(Script script) {
    onUp(() -> send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source())));
  }

  private void connect() {
    redis
        .connect()
        .onSuccess(
            opened -> {
              opened.exceptionHandler(failure -> lost(opened, failure));
              opened.endHandler(end -> lost(opened, null));
              connection = opened;
              LOG.info("Connected to Redis");
              upListeners.forEach(Runnable::run);
            })
        .onFailure(failure -> lost(null, failure));
  }

  private void lost(@Nullable RedisConnection which, @Nullable Throwable failure) {
    if (closed || (which != null && which != connection)) {
      return;
    }
    if (connection != null) {
      LOG.warnf(
          "Lost the connection to Redis: %s", failure == null ? "closed" : failure.getMessage());
    }
    connection = null;
    vertx.setTimer(RECONNECT_DELAY.toMillis(), timer -> connect());
  }

  /** From now on a lost connection is not replaced. */
  void stopping(@Observes ShutdownEvent event) {
    closed = true;
  }

  @PreDestroy
  void close() {
    RedisConnection current = connection;
    if (current != null) {
      current.close();
    }
  }
}
