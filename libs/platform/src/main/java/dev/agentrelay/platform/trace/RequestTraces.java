package dev.agentrelay.platform.trace;

import dev.agentrelay.platform.http.DeclaredRoute;
import io.opentelemetry.api.trace.SpanKind;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * Makes each REST request a step, named by the route that its resource declares: paths and queries
 * that were sent may hold secrets.
 */
public class RequestTraces {
  private static final String STEP = RequestTraces.class.getName();
  private static final int FIRST_FAILURE_OF_THE_RELAY = 500;

  private final Traces traces;

  RequestTraces(Traces traces) {
    this.traces = traces;
  }

  @ServerRequestFilter(preMatching = true, priority = 0)
  public void begin(ContainerRequestContext request) {
    Step step =
        traces.begin(SpanKind.SERVER, request.getMethod(), request.getHeaderString(Traces.HEADER));
    String header = step.header();
    if (header != null) {
      request.setProperty(STEP, step);
      MDC.put(Traces.HEADER, header);
    }
  }

  @ServerResponseFilter
  public void end(
      ResteasyReactiveContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(STEP) instanceof Step step) {
      DeclaredRoute route = DeclaredRoute.of(request);
      step.named(route.method() + " " + route.path())
          .about("http.response.status_code", Integer.toString(response.getStatus()))
          .end(response.getStatus() >= FIRST_FAILURE_OF_THE_RELAY);
    }
  }
}
