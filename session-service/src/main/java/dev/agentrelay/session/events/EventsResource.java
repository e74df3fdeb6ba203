package dev.agentrelay.session.events;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.session.events.EventPage.Entry;
import dev.agentrelay.session.index.SessionIndex;
import dev.agentrelay.session.live.LiveSessions;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The events of a session for programs: ordered, each once, and plainly marked where some are
 * missing. Beyond the reference.
 *
 * <p>{@code GET /api/sessions/{id}/events?after=&limit=} answers {@code
 * {"events":[{"cursor","at","event"}],"nextCursor","recovered","more"}}; {@code after} is the
 * cursor of the last event that the reader has, absent or 0 for the beginning. {@code recovered} is
 * false when events between the cursor and the end of the page are missing, because the log was
 * trimmed or the relay has lost them. With {@code Accept: text/event-stream} the same comes as a
 * stream that goes on: the id of each event is its cursor, {@code Last-Event-ID} goes before {@code
 * after}, and a {@code gap} event stands where some are missing.
 */
@Path("/api/sessions/{sessionId}/events")
@CallerRequired
public class EventsResource {
  private static final int PAGE = 100;
  private static final int LARGEST_PAGE = 1_000;

  private final CurrentCaller caller;
  private final SessionIndex index;
  private final LiveSessions live;
  private final EventReader reader;
  private final EventStreams streams;
  private final ObjectMapper json;

  EventsResource(
      CurrentCaller caller,
      SessionIndex index,
      LiveSessions live,
      EventReader reader,
      EventStreams streams,
      ObjectMapper json) {
    this.caller = caller;
    this.index = index;
    this.live = live;
    this.reader = reader;
    this.streams = streams;
    this.json = json;
  }

  @GET
  @Produces("application/json;charset=utf-8")
  @Blocking
  public byte[] page(
      @PathParam("sessionId") String sessionId,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable String limit)
      throws IOException {
    SessionId session = requireOwn(sessionId);
    return write(reader.after(session, caller.userId(), cursor(after), pageSize(limit)));
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  public Multi<OutboundSseEvent> stream(
      @PathParam("sessionId") String sessionId,
      @QueryParam("after") @Nullable String after,
      @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventId,
      @Context Sse sse) {
    SessionId session = requireOwn(sessionId);
    long start = cursor(lastEventId == null || lastEventId.isEmpty() ? after : lastEventId);
    return streams.open(session, caller.userId(), start, sse);
  }

  private SessionId requireOwn(String sessionId) {
    UserId user = caller.userId();
    if (!sessionId.isBlank()) {
      SessionId session = new SessionId(sessionId);
      if (index.isOwner(user, session)
          || live.find(session).filter(one -> one.userId().equals(user)).isPresent()) {
        return session;
      }
    }
    throw new RelayException(ErrorCode.NOT_FOUND, "Session not found");
  }

  private byte[] write(EventPage page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = json.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeArrayFieldStart("events");
      for (Entry entry : page.events()) {
        out.writeStartObject();
        out.writeStringField("cursor", Long.toString(entry.position()));
        out.writeStringField("at", Timestamps.text(entry.at()));
        out.writeFieldName("event");
        out.writeRawValue(entry.json());
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeStringField("nextCursor", Long.toString(page.next()));
      out.writeBooleanField("recovered", page.recovered());
      out.writeBooleanField("more", page.more());
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static long cursor(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    if (!text.matches("\\d{1,18}")) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid cursor");
    }
    return Long.parseLong(text);
  }

  private static int pageSize(@Nullable String limit) {
    if (limit == null || limit.isEmpty()) {
      return PAGE;
    }
    if (!limit.matches("\\d{1,9}") || Integer.parseInt(limit) < 1) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Invalid limit");
    }
    return Math.min(Integer.parseInt(limit), LARGEST_PAGE);
  }
}
