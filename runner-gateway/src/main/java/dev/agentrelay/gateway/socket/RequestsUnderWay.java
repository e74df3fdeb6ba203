package dev.agentrelay.gateway.socket;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Counts the requests that are not answered yet, so that the gateway ends after them. The
 * framework's own count would never come to an end, because it takes each WebSocket for a request.
 */
@Singleton
class RequestsUnderWay {
  private static final Logger LOG = Logger.getLogger(RequestsUnderWay.class);
  private static final int BEFORE_ALL_ROUTES = 1_000;

  private final AtomicInteger underWay = new AtomicInteger();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean ending;

  void count(@Observes Filters filters) {
    filters.register(this::count, BEFORE_ALL_ROUTES);
  }

  private void count(RoutingContext exchange) {
    if (!exchange.normalizedPath().startsWith(RelaySockets.PATH)) {
      underWay.incrementAndGet();
      exchange.addEndHandler(answered -> end());
    }
    exchange.next();
  }

  private void end() {
    if (underWay.decrementAndGet() == 0 && ending) {
      ended.complete(null);
    }
  }

  /** Waits until none is under way, once. */
  void awaitEnd(Duration limit) {
    ending = true;
    if (underWay.get() == 0) {
      return;
    }
    try {
      ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException tooLong) {
      LOG.warnf("%d requests are cut short", underWay.get());
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
