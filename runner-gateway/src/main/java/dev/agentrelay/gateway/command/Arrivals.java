package dev.agentrelay.gateway.command;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.redis.RedisLink;
import dev.agentrelay.gateway.redis.Subscriptions;
import dev.agentrelay.gateway.session.OwnedSession;
import dev.agentrelay.gateway.worker.WorkerFeature;
import dev.agentrelay.platform.live.LiveKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Says when a worker has registered, wherever it did (sockets.md 6, worker-socket waiter). */
@Singleton
class Arrivals implements WorkerFeature {
  private final RedisLink redis;
  private final Subscriptions subscriptions;
  private final Vertx vertx;
  private final Map<SessionId, Set<Promise<Void>>> waiting = new HashMap<>();

  Arrivals(RedisLink redis, Subscriptions subscriptions, Vertx vertx) {
    this.redis = redis;
    this.subscriptions = subscriptions;
    this.vertx = vertx;
  }

  @Override
  public void registered(OwnedSession session) {
    redis.send(
        Request.cmd(Command.PUBLISH).arg(LiveKeys.arrivalChannel(session.id())).arg("registered"));
  }

  /**
   * Completes when the session is live, or when it was waited for long enough. Who wants to know
   * which looks at its record.
   */
  Future<Void> await(SessionId session, Duration wait) {
    Promise<Void> arrived = Promise.promise();
    Future<Void> listening = add(session, arrived);
    long timer = vertx.setTimer(wait.toMillis(), tick -> arrived.tryComplete());
    listening
        .compose(ready -> redis.send(Request.cmd(Command.EXISTS).arg(LiveKeys.session(session))))
        .onSuccess(
            exists -> {
              if (exists != null && exists.toLong() == 1) {
                arrived.tryComplete();
              }
            });
    return arrived
        .future()
        .onComplete(
            over -> {
              vertx.cancelTimer(timer);
              remove(session, arrived);
            });
  }

  private synchronized Future<Void> add(SessionId session, Promise<Void> arrived) {
    Set<Promise<Void>> others = waiting.get(session);
    if (others == null) {
      waiting.put(session, new HashSet<>(Set.of(arrived)));
      return subscriptions.listen(LiveKeys.arrivalChannel(session), message -> arrived(session));
    }
    others.add(arrived);
    return Future.succeededFuture();
  }

  private void arrived(SessionId session) {
    Set<Promise<Void>> those;
    synchronized (this) {
      those = new HashSet<>(waiting.getOrDefault(session, Set.of()));
    }
    those.forEach(Promise::tryComplete);
  }

  private synchronized void remove(SessionId session, Promise<Void> arrived) {
    Set<Promise<Void>> others = waiting.get(session);
    if (others != null && others.remove(arrived) && others.isEmpty()) {
      waiting.remove(session);
      subscriptions.forget(LiveKeys.arrivalChannel(session));
    }
  }
}
