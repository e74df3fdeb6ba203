package dev.agentrelay.gateway.session;

import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.gateway.json.RawObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself when it registers (sockets.md 3.1).
 *
 * @param requested the id it wants to have; a fresh one when it asks for none
 */
public record Registration(
    SessionId requested,
    String cwd,
    boolean ephemeral,
    boolean collab,
    @Nullable String sessionName,
    @Nullable String sessionFile,
    @Nullable SessionId parent,
    boolean acksTriggers) {

  public static Registration of(RawObject payload) {
    String requested = payload.trimmedText("sessionId");
    String parent = payload.trimmedText("parentSessionId");
    String cwd = payload.text("cwd");
    return new Registration(
        requested == null ? freshId() : new SessionId(requested),
        cwd == null ? "" : cwd,
        !payload.isFalse("ephemeral"),
        !payload.isFalse("collabMode"),
        payload.trimmedText("sessionName"),
        payload.trimmedText("sessionFile"),
        parent == null ? null : new SessionId(parent),
        payload.isTrue("acksSessionTrigger"));
  }

  /** The same worker under an id of its own, because the one it wanted is somebody else's. */
  Registration withFreshId() {
    return new Registration(
        freshId(), cwd, ephemeral, collab, sessionName, sessionFile, null, acksTriggers);
  }

  public static SessionId freshId() {
    return new SessionId(UUID.randomUUID().toString());
  }
}
