package dev.agentrelay.trigger.event;

import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.CallerRequired;
import dev.agentrelay.platform.identity.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** {@code POST /api/events}: to one session or listener, or to everybody who subscribed. */
@Path("/api/events")
@Produces("application/json;charset=utf-8")
@CallerRequired
@RunOnVirtualThread
public class EventsResource {
  private final CurrentCaller caller;
  private final JsonBody json;
  private final Publishing publishing;

  EventsResource(CurrentCaller caller, JsonBody json, Publishing publishing) {
    this.caller = caller;
    this.json = json;
    this.publishing = publishing;
  }

  @POST
  public Response publish(@Nullable String text) {
    return publishing.publish(caller.userId(), EventRequest.of(json.require(text)));
  }
}
