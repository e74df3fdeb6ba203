package dev.agentrelay.auth.login;

import dev.agentrelay.auth.account.AccountView;
import dev.agentrelay.auth.exchange.Checked;
import dev.agentrelay.auth.exchange.CredentialCheck;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells a browser who is signed in, and keeps the login alive (rest.md 2.4, B4). */
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

  /**
   * @param token the cookie's token; empty for a caller with an API key, which is never echoed
   */
  record SessionView(
      Instant expiresAt,
      String token,
      Instant createdAt,
      Instant updatedAt,
      @Nullable String ipAddress,
      @Nullable String userAgent,
      String userId,
      String id) {}

  @GET
  @RunOnVirtualThread
  public Response session(@Context HttpHeaders headers) {
    return switch (check.check(headers)) {
      case Checked.SignedIn signedIn -> bySession(signedIn);
      case Checked.ByKey byKey ->
          Response.ok(byKey(byKey), MediaType.APPLICATION_JSON_TYPE).build();
      case Checked.BadKey bad -> throw bad.error().failure();
      case Checked.Ended ended -> login.signedOut(null);
      case Checked.Nobody nobody -> Response.ok("null", MediaType.APPLICATION_JSON_TYPE).build();
    };
  }

  private Response bySession(Checked.SignedIn signedIn) {
    boolean extended = sessions.extend(signedIn.session());
    LoginSession session = signedIn.session();
    Current current =
        new Current(
            new SessionView(
                session.expiresAt,
                signedIn.token(),
                session.createdAt,
                session.updatedAt,
                session.ipAddress,
                session.userAgent,
                session.accountId,
                session.id),
            AccountView.of(signedIn.account()));
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
