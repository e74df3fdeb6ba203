package dev.agentrelay.platform.error;

import dev.agentrelay.contracts.ErrorCode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds the answers of failed requests. */
public final class ErrorAnswer {
  public static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("utf-8");

  private static final Duration STORE_IS_BACK = Duration.ofSeconds(2);

  private ErrorAnswer() {}

  public static Response response(ErrorCode code, String text) {
    return response(code, text, null);
  }

  public static Response response(ErrorCode code, String text, @Nullable Duration retryAfter) {
    Response.ResponseBuilder answer =
        Response.status(code.status()).type(JSON).entity(new ErrorBody(text, code.code()));
    if (retryAfter != null) {
      answer.header(
          HttpHeaders.RETRY_AFTER, Math.max(1, -Math.floorDiv(-retryAfter.toMillis(), 1000L)));
    }
    return answer.build();
  }

  /** Something that is needed is away: 503, to be tried again in a moment. */
  public static Response unavailable() {
    return response(ErrorCode.UNAVAILABLE, "Service temporarily unavailable", STORE_IS_BACK);
  }
}
