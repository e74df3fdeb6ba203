package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.ErrorAnswer;
import dev.agentrelay.platform.error.RelayException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Refuses an upload whose length says that it is too long, before anything else (rest.md 1.6). */
public class BodyLimit {
  private static final Pattern UPLOAD = Pattern.compile("/api/sessions/[^/]+/attachments");

  private final AttachmentConfig config;

  BodyLimit(AttachmentConfig config) {
    this.config = config;
  }

  @ServerRequestFilter(preMatching = true)
  public @Nullable Response refuseTooLong(ContainerRequestContext request) {
    return request.getMethod().equals("POST")
            && length(request) > config.largestBody()
            && UPLOAD.matcher(request.getUriInfo().getPath()).matches()
        ? ErrorAnswer.response(ErrorCode.PAYLOAD_TOO_LARGE, text(config.largestBody()))
        : null;
  }

  static RelayException tooLarge(long limit) {
    return new RelayException(ErrorCode.PAYLOAD_TOO_LARGE, text(limit));
  }

  private static String text(long limit) {
    return "Payload Too Large: body exceeds " + limit + " bytes";
  }

  private static long length(ContainerRequestContext request) {
    String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
  }
}
