package dev.agentrelay.push.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/push/outcomes}: what became of a user's notifications. */
@Path("/api/push/outcomes")
@Produces("application/json;charset=utf-8")
@CallerRequired
@Blocking
public class OutcomesResource {
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private final CurrentCaller caller;
  private final Outcomes outcomes;

  OutcomesResource(CurrentCaller caller, Outcomes outcomes) {
    this.caller = caller;
    this.outcomes = outcomes;
  }

  /**
   * A page, newest first.
   *
   * @param cursor {@code nextCursor} of the page before
   */
  @GET
  public ObjectNode list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return outcomes.page(caller.userId(), cursor, size(limit));
  }

  private static int size(@Nullable String limit) {
    try {
      int wanted = limit == null ? PAGE : Integer.parseInt(limit);
      return wanted < 1 ? PAGE : Math.min(wanted, LARGEST_PAGE);
    } catch (NumberFormatException e) {
      return PAGE;
    }
  }
}
