package dev.agentrelay.platform.metric;

import dev.agentrelay.platform.http.DeclaredRoute;
import io.micrometer.core.instrument.Timer;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;
import org.jspecify.annotations.Nullable;

/** Times REST requests by the route that a resource declares, never by the path that was sent. */
public class RequestTimes {
  private static final String BEGAN = RequestTimes.class.getName();

  private final RelayMetrics metrics;

  /** To look one up by its tags costs more than to record a time; there are few. */
  private final Map<Answered, Timer> timers = new ConcurrentHashMap<>();

  /** What is timed together. */
  private record Answered(@Nullable RuntimeResource resource, int status) {}

  RequestTimes(RelayMetrics metrics) {
    this.metrics = metrics;
  }

  @ServerRequestFilter(preMatching = true, priority = 0)
  public void begin(ContainerRequestContext request) {
    request.setProperty(BEGAN, System.nanoTime());
  }

  @ServerResponseFilter
  public void end(
      ResteasyReactiveContainerRequestContext request, ContainerResponseContext response) {
    if (!(request.getProperty(BEGAN) instanceof Long began)) {
      return;
    }
    RuntimeResource resource = DeclaredRoute.resource(request);
    timers
        .computeIfAbsent(new Answered(resource, response.getStatus()), this::timer)
        .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
  }

  private Timer timer(Answered kind) {
    DeclaredRoute route = DeclaredRoute.of(kind.resource());
    return metrics.timer(
        Metric.REQUESTS, route.method(), route.path(), Integer.toString(kind.status()));
  }
}
