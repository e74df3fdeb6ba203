package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.session.live.LiveSessions;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** F1 of rest.md 5.2. */
@Path("/api/sessions/{sessionId}/attachments")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class UploadResource {

  /** The answer. */
  public record Uploaded(List<Item> attachments) {}

  /** One stored file. */
  public record Item(
      String attachmentId, String filename, String mimeType, long size, Instant expiresAt) {}

  private final CurrentCaller caller;
  private final LiveSessions live;
  private final Uploads uploads;

  UploadResource(CurrentCaller caller, LiveSessions live, Uploads uploads) {
    this.caller = caller;
    this.live = live;
    this.uploads = uploads;
  }

  @POST
  public Uploaded upload(
      @PathParam("sessionId") String sessionId,
      @HeaderParam(HttpHeaders.CONTENT_TYPE) @Nullable String contentType,
      @HeaderParam(HttpHeaders.CONTENT_LENGTH) @Nullable String contentLength,
      @Context HttpServerRequest request)
      throws IOException {
    UserId user = caller.userId();
    LiveSession session = requireLive(sessionId);
    if (!session.userId().equals(user)) {
      throw new RelayException(ErrorCode.FORBIDDEN, "Forbidden");
    }
    long announced = contentLength == null ? 0 : Long.parseLong(contentLength);
    RequestBody body = new RequestBody(request);
    return new Uploaded(
        uploads.take(session.sessionId(), user, contentType, announced, body).stream()
            .map(UploadResource::item)
            .toList());
  }

  private LiveSession requireLive(String sessionId) {
    if (sessionId.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing session ID");
    }
    return live.find(new SessionId(sessionId))
        .orElseThrow(() -> new RelayException(ErrorCode.NOT_FOUND, "Session is not live"));
  }

  /** Text comes back with a character set, as clients of the original have seen it. */
  private static Item item(Attachment attachment) {
    String type = attachment.mimeType();
    return new Item(
        attachment.id(),
        attachment.filename(),
        type.startsWith("text/") ? type + ";charset=utf-8" : type,
        attachment.size(),
        attachment.expiresAt());
  }
}
