package dev.agentrelay.platform.http;

import dev.agentrelay.contracts.ErrorCode;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses bodies that are too long, before anything else is looked at (rest.md 1.6). A body of
 * declared length is refused by it. One without is read here and counted while it comes, except an
 * upload, which its resource reads as a stream; the HTTP server counts that.
 */
@Singleton
public class BodyLimits {
  /** The most bytes of an ordinary body. */
  public static final long ORDINARY = 1_048_576;

  /** The most bytes of an upload. */
  public static final long UPLOAD = 52_428_800;

  static final int PRIORITY = 400;

  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
  private static final Pattern UPLOADS = Pattern.compile("/api/sessions/[^/]+/attachments");
  private static final Pattern SEGMENT_PARAMETERS = Pattern.compile(";[^/]*");
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
  private static final String TUNNELS = "/api/tunnel/";

  void install(@Observes Filters filters) {
    filters.register(this::check, PRIORITY);
  }

  private void check(RoutingContext exchange) {
    HttpServerRequest request = exchange.request();
    String path = path(exchange);
    if (!WITH_BODY.contains(request.method())
        || !path.startsWith("/api/")
        || path.startsWith(TUNNELS)) {
      exchange.next();
      return;
    }
    long limit = UPLOADS.matcher(path).matches() ? UPLOAD : ORDINARY;
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null) {
      checkLength(exchange, length, limit);
    } else if (limit == ORDINARY && hasBodyOfUnknownLength(request)) {
      readAndCount(exchange, limit);
    } else {
      exchange.next();
    }
  }

  /** As the REST layer reads it, so that no other spelling of a path is without a limit. */
  private static String path(RoutingContext exchange) {
    String path = exchange.normalizedPath();
    return path == null ? "" : SEGMENT_PARAMETERS.matcher(path).replaceAll("");
  }

  private static boolean hasBodyOfUnknownLength(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        ? !request.isEnded()
        : request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  private static void checkLength(RoutingContext exchange, String length, long limit) {
    if (!DIGITS.matcher(length).matches()) {
      refuse(exchange, ErrorCode.INVALID_REQUEST, "Bad Request: malformed Content-Length header");
    } else if (Long.parseLong(length) > limit) {
      refuseTooLong(exchange, limit);
    } else {
      exchange.next();
    }
  }

  private static void readAndCount(RoutingContext exchange, long limit) {
    HttpServerRequest request = exchange.request();
    Reading reading = new Reading();
    request.exceptionHandler(
        failure -> {
          if (reading.stop()) {
            refuse(exchange, ErrorCode.INVALID_REQUEST, "Bad Request: failed to read request body");
          }
        });
    request.handler(
        chunk -> {
          if (reading.take(chunk) > limit && reading.stop()) {
            refuseTooLong(exchange, limit);
          }
        });
    request.endHandler(
        end -> {
          Buffer body = reading.body;
          if (body != null && reading.stop()) {
            ((RoutingContextInternal) exchange).setBody(body);
            exchange.next();
          }
        });
  }

  /** A body on its way; confined to the request's event loop. */
  private static final class Reading {
    private @Nullable Buffer body = Buffer.buffer();

    long take(Buffer chunk) {
      return body == null ? 0 : body.appendBuffer(chunk).length();
    }

    /** Lets go of what was read; tells whether this was still under way. */
    boolean stop() {
      boolean underWay = body != null;
      body = null;
      return underWay;
    }
  }

  private static void refuseTooLong(RoutingContext exchange, long limit) {
    refuse(
        exchange,
        ErrorCode.PAYLOAD_TOO_LARGE,
        "Payload Too Large: body exceeds " + limit + " bytes");
  }

  /** Answers, and ends the connection: what is still to come of the body is not worth reading. */
  private static void refuse(RoutingContext exchange, ErrorCode code, String text) {
    exchange.response().putHeader(HttpHeaders.CONNECTION, "close");
    PlainAnswer.error(exchange, code, text);
  }
}
