package dev.agentrelay.local.edge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The replicas of one service, each first in turn. One that is about to end still accepts
 * connections and sends everybody away, so those that say that they are ready come first.
 * Thread-safe.
 */
final class Replicas {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

  private final List<Upstream> all;
  private final Set<Upstream> unready = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();

  Replicas(List<Upstream> all) {
    this.all = List.copyOf(all);
  }

  /** Looks from now on which of several are ready. */
  void watch(Vertx vertx, HttpClient client) {
    if (all.size() > 1) {
      vertx.setPeriodic(LOOK_EVERY.toMillis(), look -> all.forEach(each -> look(client, each)));
    }
  }

  /** Whom to ask, and whom next when that one cannot be connected to. */
  List<SocketAddress> next() {
    List<Upstream> order = new ArrayList<>(all);
    Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
    order.sort(Comparator.comparing(unready::contains));
    return order.stream().limit(2).map(Upstream::address).toList();
  }

  private void look(HttpClient client, Upstream replica) {
    replica
        .readiness()
        .ifPresent(
            readiness ->
                client
                    .request(question(readiness))
                    .compose(HttpClientRequest::send)
                    .map(HttpClientResponse::statusCode)
                    .onComplete(
                        status -> {
                          if (status.succeeded() && status.result() == 200) {
                            unready.remove(replica);
                          } else {
                            unready.add(replica);
                          }
                        }));
  }

  private static RequestOptions question(URI readiness) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setAbsoluteURI(readiness.toString())
        .setTimeout(ANSWER_WITHIN.toMillis());
  }
}
