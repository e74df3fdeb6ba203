package dev.agentrelay.tunnel.viewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorBody;
import dev.agentrelay.platform.error.RelayException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/** The answers that come from the relay and not from an app (tunnel.md 5). */
final class Answers {
  private static final Logger LOG = Logger.getLogger(Answers.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RETRY_SECONDS = "3";
  private static final Set<String> NAVIGATIONS = Set.of("document", "iframe");

  private Answers() {}

  /** Answers with a failure; a store or service that is away is 503, never "not found". */
  static void fail(HttpServerRequest request, Throwable failure) {
    switch (failure) {
      case RelayException known -> error(request, known.code(), known.text(), retry(known));
      case PlainRefusal plain -> text(request, plain.status(), plain.text());
      default -> {
        String path = TunnelPath.withoutToken(request.path());
        LOG.warnf("%s cannot be answered now: %s", path, failure.toString());
        error(request, ErrorCode.UNAVAILABLE, "Service temporarily unavailable");
      }
    }
  }

  private static String retry(RelayException failure) {
    Duration wait = failure.retryAfter();
    return wait == null ? RETRY_SECONDS : Long.toString(Math.max(1, wait.toSeconds()));
  }

  static void error(HttpServerRequest request, ErrorCode code, String text) {
    error(request, code, text, RETRY_SECONDS);
  }

  private static void error(
      HttpServerRequest request, ErrorCode code, String text, String retrySeconds) {
    HttpServerResponse response = begin(request, code.status());
    if (response.ended() || response.closed()) {
      return;
    }
    if (code.retryable()) {
      response.putHeader("Retry-After", retrySeconds);
    }
    if (isNavigation(request)) {
      response.putHeader("Content-Type", "text/html; charset=utf-8");
      finish(request, page(code, text, retrySeconds));
    } else {
      response.putHeader("Content-Type", "application/json;charset=utf-8");
      finish(request, json(new ErrorBody(text, code.code())));
    }
  }

  static void text(HttpServerRequest request, int status, String text) {
    if (!begin(request, status).ended()) {
      finish(request, text);
    }
  }

  private static HttpServerResponse begin(HttpServerRequest request, int status) {
    HttpServerResponse response = request.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Cache-Control", "no-store");
      if (isNavigation(request)) {
        response.headers().remove("X-Frame-Options"); // it is shown where the app would be
      }
    }
    return response;
  }

  private static boolean isNavigation(HttpServerRequest request) {
    String destination = request.getHeader("Sec-Fetch-Dest");
    return destination != null && NAVIGATIONS.contains(destination);
  }

  private static void finish(HttpServerRequest request, String body) {
    if (!request.response().closed()) {
      request.response().end(body);
    }
    // What is left of the request is read and dropped, so that the connection stays usable.
    request.handler(null);
    request.resume();
  }

  private static String page(ErrorCode code, String text, String retrySeconds) {
    String safe = text.replace("&", "&amp;").replace("<", "&lt;");
    String again =
        code.retryable() ? "<meta http-equiv=\"refresh\" content=\"" + retrySeconds + "\">" : "";
    return "<!doctype html><html><head><meta charset=\"utf-8\"><title>Tunnel</title>"
        + again
        + "</head><body><p>"
        + safe
        + (code.retryable() ? ". Trying again in a moment." : "")
        + "</p></body></html>";
  }

  private static String json(ErrorBody body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
