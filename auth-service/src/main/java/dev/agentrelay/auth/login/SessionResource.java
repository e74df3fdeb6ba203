package dev.agentrelay.auth.login;

import dev.agentrelay.auth.account.AccountView;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.auth.credential.LoginSession;
import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;

/** Tells a browser who is signed in, and keeps the login alive (rest.md 2.4, B4). */
@OpenToAnyone
@Path("/api/auth/get-session")
public class SessionResource {
  private static final Duration KEY_SESSION = Duration.ofMinutes(5);

  private final CredentialCheck check;
  private final LoginSessions sessions;
  private final LoginAnswer login;

  SessionResource(CredentialCheck check, LoginSessions sessions, LoginAnswer login) {
    this.check = check;
    this.sessions = sessions;
    this.login = login;
  }

  record Current(SessionView session, AccountView user) {}

  @GET
  @RunOnVirtualThread
  public Response session(@Context HttpHeaders headers) {
    return switch (check.check(headers)) {
      case Checked.SignedIn signedIn -> bySession(signedIn);
      case Checked.ByKey byKey ->
          Response.ok(byKey(byKey), MediaType.APPLICATION_JSON_TYPE).build();
      case Checked.BadKey bad -> throw bad.error().failure();
      case Checked.UsedUp usedUp -> throw AuthException.usedUp(usedUp.rest());
      case Checked.Ended ended -> login.signedOut(null);
      case Checked.Nobody nobody -> Response.ok("null", MediaType.APPLICATION_JSON_TYPE).build();
    };
  }

  private Response bySession(Checked.SignedIn signedIn) {
    boolean extended = sessions.extend(signedIn.session());
    LoginSession session = signedIn.session();
    Current current =
        new Current(SessionView.of(session, signedIn.token()), AccountView.of(signedIn.account()));
    return extended
        ? login.signedIn(current, signedIn.token(), true)
        : Response.ok(current, MediaType.APPLICATION_JSON_TYPE).build();
  }

  private static Current byKey(Checked.ByKey byKey) {
    Instant now = Instant.now();
    return new Current(
        new SessionView(
            now.plus(KEY_SESSION), "", now, now, null, null, byKey.account().id, byKey.key().id),
        AccountView.of(byKey.account()));
  }
}
