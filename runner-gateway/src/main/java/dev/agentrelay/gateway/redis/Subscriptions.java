package dev.agentrelay.gateway.redis;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One connection for every channel this replica listens to. A channel is subscribed while somebody
 * listens and a moment longer, and again after Redis comes back; what was published meanwhile is
 * lost, and whoever may miss it is told. Thread-safe.
 */
@Startup
@Singleton
public class Subscriptions {
  private static final Logger LOG = Logger.getLogger(Subscriptions.class);
  private static final Duration RECONNECT_DELAY = Duration.ofMillis(250);

  /**
   * A channel outlives its listener by this: what was sent while it counted as listened to still
   * finds it subscribed, and who comes right back need not wait.
   */
  private static final Duration LINGER = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Redis redis;
  private final Map<String, Channel> channels = new HashMap<>();
  private final Set<String> unconfirmed = new HashSet<>();
  private final List<Runnable> resumedListeners = new CopyOnWriteArrayList<>();
  private boolean interrupted;
  private @Nullable RedisConnection connection;
  private boolean closed;

  /** A subscribed channel, and whoever waits for its subscription to be in force. */
  private static final class Channel {
    final Promise<Void> ready = Promise.promise();

    /** Absent while the channel lingers. */
    @Nullable Consumer<Response> listener;

    /** Tells the last listener's end from earlier ones. */
    int ends;
  }

  Subscriptions(Vertx vertx, Redis redis) {
    this.vertx = vertx;
    this.redis = redis;
    connect();
  }

  /**
   * Runs {@code listener} each time every subscription is in force again after an interruption, so
   * that a read from now on misses nothing that is published after it.
   */
  public void onResumed(Runnable listener) {
    resumedListeners.add(listener);
  }

  /** Whether what is published on the channel certainly arrives here. */
  public synchronized boolean isInForce(String name) {
    Channel channel = channels.get(name);
    return connection != null
        && channel != null
        && channel.listener != null
        && channel.ready.future().succeeded()
        && !unconfirmed.contains(name);
  }

  /** Whether subscriptions are in force right now. */
  public synchronized boolean isUp() {
    return connection != null;
  }

  /**
   * Listens to a channel; the future completes once Redis has confirmed, so that a read after it
   * misses nothing. The listener runs on an event loop, messages of one channel in order. A channel
   * has one listener.
   */
  public synchronized Future<Void> listen(String name, Consumer<Response> listener) {
    Channel channel = channels.get(name);
    if (channel == null) {
      channel = new Channel();
      channels.put(name, channel);
      if (connection != null) {
        connection.send(Request.cmd(Command.SUBSCRIBE).arg(name));
      }
    }
    channel.listener = listener;
    return channel.ready.future();
  }

  /** Nothing more is told to the channel's listener. */
  public synchronized void forget(String name) {
    Channel channel = channels.get(name);
    if (channel != null) {
      channel.listener = null;
      int end = ++channel.ends;
      vertx.setTimer(LINGER.toMillis(), timer -> lingered(name, channel, end));
    }
  }

  private void lingered(String name, Channel channel, int end) {
    synchronized (this) {
      if (channel.listener != null || channel.ends != end || !channels.remove(name, channel)) {
        return;
      }
      channel.ready.tryFail("no longer listening to " + name);
      if (connection != null) {
        connection.send(Request.cmd(Command.UNSUBSCRIBE).arg(name));
      }
    }
    confirmed(name);
  }

  private void connect() {
    redis.connect().onSuccess(this::opened).onFailure(failure -> lost(null, failure));
  }

  private synchronized void opened(RedisConnection opened) {
    opened.handler(this::receive);
    opened.exceptionHandler(failure -> lost(opened, failure));
    opened.endHandler(end -> lost(opened, null));
    connection = opened;
    unconfirmed.clear();
    unconfirmed.addAll(channels.keySet());
    channels.keySet().forEach(name -> opened.send(Request.cmd(Command.SUBSCRIBE).arg(name)));
  }

  private void lost(@Nullable RedisConnection which, @Nullable Throwable failure) {
    synchronized (this) {
      if (closed || (which != null && which != connection)) {
        return;
      }
      if (connection != null) {
        LOG.warnf(
            "Lost the subscriptions in Redis: %s",
            failure == null ? "closed" : failure.getMessage());
        interrupted = true;
      }
      connection = null;
    }
    vertx.setTimer(RECONNECT_DELAY.toMillis(), timer -> connect());
  }

  private void receive(@Nullable Response message) {
    if (message == null || message.size() != 3) {
      return;
    }
    String kind = message.get(0).toString();
    Channel channel;
    @Nullable Consumer<Response> listener;
    synchronized (this) {
      channel = channels.get(message.get(1).toString());
      listener = channel == null ? null : channel.listener;
    }
    if (kind.equals("message") && listener != null) {
      listener.accept(message.get(2));
    } else if (kind.equals("subscribe") && channel != null) {
      channel.ready.tryComplete();
      confirmed(message.get(1).toString());
    }
  }

  private void confirmed(String name) {
    synchronized (this) {
      if (!unconfirmed.remove(name) || !unconfirmed.isEmpty() || !interrupted) {
        return;
      }
      interrupted = false;
    }
    resumedListeners.forEach(Runnable::run);
  }

  /** From now on a lost connection is not replaced. */
  synchronized void stopping(@Observes ShutdownEvent event) {
    closed = true;
  }

  @PreDestroy
  synchronized void close() {
    if (connection != null) {
      connection.close();
    }
  }
}
