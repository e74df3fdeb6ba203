package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.auth.credential.LoginSession;
import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows people where they are signed in, and lets them sign out there (rest.md 2.1). */
@OpenToAnyone
@Path("/api/auth")
@Produces(MediaType.APPLICATION_JSON)
public class SessionsResource {
  private static final Map<String, Boolean> DONE = Map.of("status", true);

  private final JsonBody json;
  private final CredentialCheck check;
  private final LoginSessions sessions;

  SessionsResource(JsonBody json, CredentialCheck check, LoginSessions sessions) {
    this.json = json;
    this.check = check;
    this.sessions = sessions;
  }

  @GET
  @Path("/list-sessions")
  @RunOnVirtualThread
  public List<SessionView> list(@Context HttpHeaders headers) {
    Checked.Good caller = check.require(headers, AuthException::unauthorized);
    return sessions.of(caller.account()).stream()
        .map(session -> SessionView.of(session, token(caller, session)))
        .toList();
  }

  private static String token(Checked.Good caller, LoginSession session) {
    return caller instanceof Checked.SignedIn own && own.session().id.equals(session.id)
        ? own.token()
        : session.id;
  }

  @POST
  @Path("/revoke-session")
  @RunOnVirtualThread
  public Map<String, Boolean> revoke(@Nullable String text, @Context HttpHeaders headers) {
    ObjectNode body = json.require(text);
    LoginFields fields = new LoginFields(body);
    String token = fields.text("token");
    fields.check();
    sessions.close(check.require(headers, AuthException::unauthorized).account(), token);
    return DONE;
  }

  @POST
  @Path("/revoke-other-sessions")
  @RunOnVirtualThread
  public Map<String, Boolean> revokeOthers(@Context HttpHeaders headers) {
    Checked.Good caller = check.require(headers, AuthException::unauthorized);
    Optional<LoginSession> own =
        caller instanceof Checked.SignedIn signedIn
            ? Optional.of(signedIn.session())
            : Optional.empty();
    sessions.closeAllBut(own, caller.account());
    return DONE;
  }

  @POST
  @Path("/revoke-sessions")
  @RunOnVirtualThread
  public Map<String, Boolean> revokeAll(@Context HttpHeaders headers) {
    sessions.closeAll(check.require(headers, AuthException::unauthorized).account());
    return DONE;
  }
}
