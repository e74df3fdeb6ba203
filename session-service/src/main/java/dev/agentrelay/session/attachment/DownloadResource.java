package dev.agentrelay.session.attachment;

import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.ErrorAnswer;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.platform.identity.RequestIdentifier;
import dev.agentrelay.session.blob.BlobStore;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** F2 of rest.md 5.2, with {@code HEAD} and single ranges. */
@OpenToAnyone
@Path("/api/attachments/{attachmentId}")
public class DownloadResource {
  private static final String NEVER_KEEP = "private, no-store";

  private final RequestIdentifier identifier;
  private final AttachmentAccess access;
  private final BlobStore store;

  DownloadResource(RequestIdentifier identifier, AttachmentAccess access, BlobStore store) {
    this.identifier = identifier;
    this.access = access;
    this.store = store;
  }

  @GET
  public Uni<Response> get(
      @PathParam("attachmentId") String id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return find(id, uri, headers, attachment -> content(attachment, headers));
  }

  @HEAD
  public Uni<Response> head(
      @PathParam("attachmentId") String id, @Context UriInfo uri, @Context HttpHeaders headers) {
    return find(
        id,
        uri,
        headers,
        attachment -> described(attachment).header(HttpHeaders.CONTENT_LENGTH, attachment.size()));
  }

  /** Answers for an attachment that the caller may fetch. */
  @FunctionalInterface
  private interface Answer {
    Response.ResponseBuilder of(Attachment attachment);
  }

  /** A token decides alone, then a key in the header, then one in the address, then the cookie. */
  private Uni<Response> find(String id, UriInfo uri, HttpHeaders headers, Answer answer) {
    String token = nonEmpty(uri.getQueryParameters().getFirst("token"));
    if (token != null) {
      return onWorker(() -> answer.of(access.forToken(id, token)).build());
    }
    String key = nonEmpty(headers.getHeaderString("x-api-key"));
    return identifier
        .identify(
            key != null ? key : nonEmpty(uri.getQueryParameters().getFirst("apiKey")),
            headers.getHeaderString(HttpHeaders.COOKIE),
            headers.getHeaderString(HttpHeaders.AUTHORIZATION))
        .flatMap(
            caller ->
                switch (caller) {
                  case Identification.Known known ->
                      onWorker(() -> forUser(id, known.caller().userId(), answer));
                  case Identification.Unknown unknown ->
                      Uni.createFrom().item(unauthorized(unknown.reason().text()));
                  case Identification.Unavailable away ->
                      Uni.createFrom().item(ErrorAnswer.unavailable());
                });
  }

  private Response forUser(String id, UserId user, Answer answer) {
    try {
      return neverKept(answer.of(access.forUser(id, user)));
    } catch (RelayException e) {
      return neverKept(Response.fromResponse(ErrorAnswer.response(e.code(), e.text())));
    }
  }

  private Response.ResponseBuilder content(Attachment attachment, HttpHeaders headers) {
    ByteRange range = ByteRange.of(headers.getHeaderString("Range"), attachment.size());
    Response.ResponseBuilder answer = described(attachment);
    return switch (range) {
      case ByteRange.Whole whole when attachment.size() == 0 -> answer;
      case ByteRange.Whole whole ->
          answer
              .header(HttpHeaders.CONTENT_LENGTH, attachment.size())
              .entity(open(attachment, 0, attachment.size()));
      case ByteRange.Part part ->
          answer
              .status(Response.Status.PARTIAL_CONTENT)
              .header(
                  "Content-Range",
                  "bytes " + part.first() + "-" + part.last() + "/" + attachment.size())
              .header(HttpHeaders.CONTENT_LENGTH, part.length())
              .entity(open(attachment, part.first(), part.length()));
      case ByteRange.Unsatisfiable none ->
          Response.fromResponse(
                  ErrorAnswer.response(
                      ErrorCode.RANGE_NOT_SATISFIABLE, "The attachment ends before this range"))
              .header("Content-Range", "bytes */" + attachment.size());
    };
  }

  private Object open(Attachment attachment, long offset, long length) {
    try {
      return store.open(attachment.id(), offset, length);
    } catch (NoSuchFileException e) {
      throw new RelayException(ErrorCode.NOT_FOUND, "Attachment not found");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Response.ResponseBuilder described(Attachment attachment) {
    ServedType served = ServedType.of(attachment.mimeType());
    return Response.ok()
        .header(HttpHeaders.CONTENT_TYPE, served.mimeType())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            Filenames.disposition(served.disposition(), attachment.filename()))
        .header("Accept-Ranges", "bytes")
        .header("X-Attachment-Id", attachment.id())
        .header("X-Attachment-Filename", Filenames.percentEncoded(attachment.filename()));
  }

  private static Response unauthorized(String text) {
    return neverKept(Response.status(Response.Status.UNAUTHORIZED).entity(text));
  }

  private static Response neverKept(Response.ResponseBuilder answer) {
    return answer.header(HttpHeaders.CACHE_CONTROL, NEVER_KEEP).build();
  }

  private static Uni<Response> onWorker(Supplier<Response> answer) {
    return Uni.createFrom().item(answer).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private static @Nullable String nonEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
