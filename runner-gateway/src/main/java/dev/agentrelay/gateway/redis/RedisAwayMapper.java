package dev.agentrelay.gateway.redis;

import dev.agentrelay.platform.error.ErrorAnswer;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Without Redis nothing is known about a runner, least of all that there is none. */
public class RedisAwayMapper {

  @ServerExceptionMapper
  public Response away(RedisAway failure) {
    return ErrorAnswer.unavailable();
  }
}
