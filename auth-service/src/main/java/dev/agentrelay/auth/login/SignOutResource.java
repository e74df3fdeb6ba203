package dev.agentrelay.auth.login;

import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.platform.identity.SessionCookies;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs out, whether or not somebody is signed in (rest.md 2.4, B3). */
@OpenToAnyone
@Path("/api/auth/sign-out")
public class SignOutResource {
  private final LoginSessions sessions;
  private final LoginAnswer login;

  SignOutResource(LoginSessions sessions, LoginAnswer login) {
    this.sessions = sessions;
    this.login = login;
  }

  @POST
  @RunOnVirtualThread
  public Response signOut(@HeaderParam(HttpHeaders.COOKIE) @Nullable String cookies) {
    SessionCookies.find(cookies).ifPresent(sessions::close);
    return login.signedOut(Map.of("success", true));
  }
}
