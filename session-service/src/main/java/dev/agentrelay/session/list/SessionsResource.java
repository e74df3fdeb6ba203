package dev.agentrelay.session.list;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.session.list.PersistedSessions.Page;
import dev.agentrelay.session.live.LiveSessions;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** S1 and S2 of rest.md 5.1. */
@Path("/api/sessions")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class SessionsResource {
  private static final Set<String> NO = Set.of("0", "false", "no");
  private static final int PAGE = 20;
  private static final BigInteger LARGEST_PAGE = BigInteger.valueOf(100);
  private static final int LIKELY_BYTES = 32_768;

  private final CurrentCaller caller;
  private final LiveSessions live;
  private final PersistedSessions persisted;
  private final ObjectMapper json;

  SessionsResource(
      CurrentCaller caller, LiveSessions live, PersistedSessions persisted, ObjectMapper json) {
    this.caller = caller;
    this.live = live;
    this.persisted = persisted;
    this.json = json;
  }

  @GET
  public byte[] list(
      @QueryParam("includePersisted") @Nullable String includePersisted,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException, IOException {
    UserId user = caller.userId();
    Supplier<List<LiveSession>> asked = live.askFor(user);
    Page page =
        wantsPersisted(includePersisted)
            ? persisted.page(user, cursor, pageSize(limit))
            : Page.NONE;
    List<LiveSession> sessions = asked.get();
    return write(
        out -> {
          out.writeArrayFieldStart("sessions");
          for (LiveSession session : sessions) {
            out.writeTree(liveInfo(session));
          }
          out.writeEndArray();
          writeAll(out, "persistedSessions", page.sessions());
          out.writeStringField("nextCursor", page.nextCursor());
        });
  }

  @GET
  @Path("/pinned")
  public byte[] pinned() throws SQLException, IOException {
    List<PersistedSession> pinned = persisted.pinned(caller.userId());
    return write(out -> writeAll(out, "pinnedSessions", pinned));
  }

  /** Writes the members of an object. */
  @FunctionalInterface
  private interface Members {
    void writeTo(JsonGenerator out) throws IOException;
  }

  private byte[] write(Members members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(LIKELY_BYTES);
    try (JsonGenerator out = json.createGenerator(bytes)) {
      out.writeStartObject();
      members.writeTo(out);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeAll(JsonGenerator out, String name, List<PersistedSession> sessions)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (PersistedSession session : sessions) {
      session.writeTo(out);
    }
    out.writeEndArray();
  }

  /** The reference's {@code status} is one more member than clients read (rest.md 9, row 32). */
  private static ObjectNode liveInfo(LiveSession session) {
    return session.toInfo().put("status", session.active() ? "active" : "idle");
  }

  private static boolean wantsPersisted(@Nullable String value) {
    return value == null || !NO.contains(value.toLowerCase(Locale.ROOT));
  }

  private static int pageSize(@Nullable String limit) {
    if (limit == null || !limit.matches("0*[1-9]\\d*")) {
      return PAGE;
    }
    return new BigInteger(limit).min(LARGEST_PAGE).intValue();
  }
}
