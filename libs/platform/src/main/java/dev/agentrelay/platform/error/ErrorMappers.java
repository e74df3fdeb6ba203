package dev.agentrelay.platform.error;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.agentrelay.contracts.ErrorCode;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place where a failure becomes an answer, and is logged if it needs to be. */
public class ErrorMappers {
  private static final Logger LOG = Logger.getLogger(ErrorMappers.class);

  @ServerExceptionMapper
  public Response relay(RelayException failure) {
    return ErrorAnswer.response(failure.code(), failure.text(), failure.retryAfter());
  }

  @ServerExceptionMapper
  public Response notFound(NotFoundException failure) {
    return ErrorAnswer.response(ErrorCode.NOT_FOUND, "Not found");
  }

  /** A path with another method is as unknown as any other (rest.md 1.1). */
  @ServerExceptionMapper
  public Response wrongMethod(NotAllowedException failure) {
    return ErrorAnswer.response(ErrorCode.NOT_FOUND, "Not found");
  }

  /** A body of another form than its resource takes; the framework has an answer of its own. */
  @ServerExceptionMapper
  public Response wrongForm(MismatchedInputException failure) {
    return badJson();
  }

  @ServerExceptionMapper
  public Response web(WebApplicationException failure, @Context UriInfo path) {
    int status = failure.getResponse().getStatus();
    if (status == 400 && failure.getCause() instanceof JsonProcessingException) {
      return badJson();
    }
    if (status >= 500) {
      return anything(failure, path);
    }
    ErrorCode code =
        switch (status) {
          case 401 -> ErrorCode.UNAUTHORIZED;
          case 403 -> ErrorCode.FORBIDDEN;
          case 404, 405 -> ErrorCode.NOT_FOUND;
          case 413 -> ErrorCode.PAYLOAD_TOO_LARGE;
          default -> ErrorCode.INVALID_REQUEST;
        };
    return ErrorAnswer.response(code, failure.getResponse().getStatusInfo().getReasonPhrase());
  }

  @ServerExceptionMapper
  public Response anything(Throwable failure, @Context UriInfo path) {
    if (StoreFailures.isStoreAway(failure)) {
      LOG.warnf("a store is away, so %s answers 503: %s", path.getPath(), failure);
      return ErrorAnswer.unavailable();
    }
    if (StoreFailures.isStoreFull(failure)) {
      LOG.errorf("the database has no room left, so %s answers 507: %s", path.getPath(), failure);
      return ErrorAnswer.response(ErrorCode.INSUFFICIENT_STORAGE, "The relay has no room left");
    }
    if (StoreFailures.isTextRefused(failure)) {
      return ErrorAnswer.response(
          ErrorCode.INVALID_REQUEST, "A text has a character of no meaning");
    }
    LOG.errorf(failure, "%s failed", path.getPath());
    return ErrorAnswer.response(ErrorCode.INTERNAL, "Internal server error");
  }

  private static Response badJson() {
    return ErrorAnswer.response(ErrorCode.INVALID_REQUEST, "Invalid JSON body");
  }
}
