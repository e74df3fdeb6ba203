package dev.agentrelay.session.list;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** S1 and S2 of rest.md 5.1. */
@Path("/api/sessions")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class SessionsResource {
  private static final Set<String> NO = Set.of("0", "false", "no");
  private static final int PAGE = 20;
  private static final int LARGEST_PAGE = 100;

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
  public ObjectNode list(
      @QueryParam("includePersisted") @Nullable String includePersisted,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor)
      throws SQLException {
    UserId user = caller.userId();
    ObjectNode answer = json.createObjectNode();
    ArrayNode sessions = answer.putArray("sessions");
    live.of(user).forEach(session -> sessions.add(liveInfo(session)));
    Page page =
        wantsPersisted(includePersisted)
            ? persisted.page(user, cursor, pageSize(limit))
            : Page.NONE;
    addAll(answer.putArray("persistedSessions"), page.sessions());
    answer.put("nextCursor", page.nextCursor());
    return answer;
  }

  @GET
  @Path("/pinned")
  public ObjectNode pinned() throws SQLException {
    ObjectNode answer = json.createObjectNode();
    addAll(answer.putArray("pinnedSessions"), persisted.pinned(caller.userId()));
    return answer;
  }

  /** The reference's {@code status} is one more member than clients read (rest.md 9, row 32). */
  private static ObjectNode liveInfo(LiveSession session) {
    return session.toInfo().put("status", session.active() ? "active" : "idle");
  }

  private static void addAll(ArrayNode list, List<PersistedSession> sessions) {
    sessions.forEach(session -> list.add(session.toInfo()));
  }

  private static boolean wantsPersisted(@Nullable String value) {
    return value == null || !NO.contains(value.toLowerCase(Locale.ROOT));
  }

  private static int pageSize(@Nullable String limit) {
    try {
      int wanted = limit == null ? PAGE : Integer.parseInt(limit);
      return wanted < 1 ? PAGE : Math.min(wanted, LARGEST_PAGE);
    } catch (NumberFormatException e) {
      return PAGE;
    }
  }
}
