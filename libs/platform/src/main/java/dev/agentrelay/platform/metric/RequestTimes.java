package dev.agentrelay.platform.metric;

import dev.agentrelay.platform.http.DeclaredRoute;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/** Times REST requests by the route that a resource declares, never by the path that was sent. */
public class RequestTimes {
  private static final String BEGAN = RequestTimes.class.getName();

  private final RelayMetrics metrics;

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
    DeclaredRoute route = DeclaredRoute.of(request);
    metrics
        .timer(
            Metric.REQUESTS, route.method(), route.path(), Integer.toString(response.getStatus()))
        .record(Duration.ofNanos(System.nanoTime() - began));
  }
}
