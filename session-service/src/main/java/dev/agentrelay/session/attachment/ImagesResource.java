package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.ServicesOnly;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes images out of messages from the gateway: the body is the Base64 text as it stood there. The
 * answer names the attachment that stands in its place (sockets.md 4.4.5).
 */
@ServicesOnly
@Path("/internal/attachments/images")
@Produces("application/json;charset=utf-8")
@Blocking
public class ImagesResource {
  private final Images images;

  ImagesResource(Images images) {
    this.images = images;
  }

  @POST
  public Images.Kept keep(
      @QueryParam("userId") @Nullable String user,
      @QueryParam("sessionId") @Nullable String session,
      @QueryParam("mediaType") @Nullable String mediaType,
      InputStream base64)
      throws IOException {
    if (user == null || user.isBlank() || session == null || session.isBlank()) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing userId or sessionId");
    }
    String type = mediaType == null ? "application/octet-stream" : mediaType;
    return images.keep(new UserId(user), new SessionId(session), type, base64);
  }
}
