package dev.agentrelay.trigger.subscription;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import dev.agentrelay.platform.live.LiveSession;
import dev.agentrelay.trigger.json.StoredJson;
import dev.agentrelay.trigger.live.LiveState;
import dev.agentrelay.trigger.live.PathIds;
import dev.agentrelay.trigger.session.KnownSessions;
import dev.agentrelay.trigger.session.SessionRow;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** X8 of rest.md 7.2: every schedule on a runner, whether its session lives or not. */
@Path("/api/runners/{runnerId}/schedules")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class SchedulesResource {
  private final CurrentCaller caller;
  private final LiveState live;
  private final KnownSessions sessions;
  private final Subscriptions subscriptions;

  SchedulesResource(
      CurrentCaller caller, LiveState live, KnownSessions sessions, Subscriptions subscriptions) {
    this.caller = caller;
    this.live = live;
    this.sessions = sessions;
    this.subscriptions = subscriptions;
  }

  @GET
  public ObjectNode list(@PathParam("runnerId") String runnerId) {
    RunnerId runner = PathIds.runner(runnerId);
    live.requireRunner(runner, caller.userId());
    ObjectNode answer = StoredJson.object();
    ArrayNode list = answer.putArray("schedules");
    subscriptions.schedulesOf(runner).forEach(row -> list.add(info(row)));
    return answer;
  }

  private ObjectNode info(SubscriptionRow row) {
    Optional<LiveSession> session = live.session(row.sessionId());
    Optional<SessionRow> known = sessions.find(row.sessionId());
    ObjectNode info = row.toInfo();
    info.put(
        "sessionName",
        first(session.map(LiveSession::sessionName), known.map(SessionRow::sessionName)));
    info.put("cwd", first(session.map(LiveSession::cwd), known.map(SessionRow::cwd)));
    return info.put("sessionLive", session.isPresent());
  }

  private static @Nullable String first(Optional<String> preferred, Optional<String> other) {
    return preferred.or(() -> other).orElse(null);
  }
}
