package dev.agentrelay.platform.log;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/**
 * Gives every log line of a REST request the ids that it is about: {@code request}, which a proxy
 * may choose and the answer repeats, and {@code session} and {@code runner} from the path.
 */
public class LogIds {
  public static final String HEADER = "X-Request-Id";
  private static final String REQUEST = "request";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ABOUT =
      Pattern.compile("/(session|runner)s/(" + ID.pattern() + ")(?=/|$)");

  @ServerRequestFilter(preMatching = true, priority = 0)
  public void begin(ContainerRequestContext request) {
    String id = orNew(request.getHeaderString(HEADER));
    request.setProperty(HEADER, id);
    MDC.put(REQUEST, id);
    Matcher about = ABOUT.matcher(request.getUriInfo().getPath());
    while (about.find()) {
      MDC.put(about.group(1), about.group(2));
    }
  }

  @ServerResponseFilter
  public void end(ContainerRequestContext request, ContainerResponseContext response) {
    Object id = request.getProperty(HEADER);
    if (id != null) {
      response.getHeaders().putSingle(HEADER, id);
    }
  }

  private static String orNew(@Nullable String chosen) {
    return chosen != null && ID.matcher(chosen).matches() ? chosen : UUID.randomUUID().toString();
  }
}
