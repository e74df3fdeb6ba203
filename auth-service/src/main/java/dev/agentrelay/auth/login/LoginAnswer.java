package dev.agentrelay.auth.login;

import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.LoginCookies;
import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.platform.http.ClientAddress;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Opens a login for a request and sets cookies on its answer. */
@ApplicationScoped
public class LoginAnswer {
  private final LoginSessions sessions;
  private final LoginCookies cookies;
  private final ClientAddress addresses;
  private final AuditTrail audit;

  LoginAnswer(
      LoginSessions sessions, LoginCookies cookies, ClientAddress addresses, AuditTrail audit) {
    this.sessions = sessions;
    this.cookies = cookies;
    this.addresses = addresses;
    this.audit = audit;
  }

  /**
   * Lets somebody in who has shown who they are, and keeps it in the audit trail.
   *
   * @param body makes the answer's body from the token of the new login
   */
  Response enter(
      Account account,
      AuditAction how,
      boolean remembered,
      HttpServerRequest request,
      Function<String, Object> body) {
    String token = open(account, remembered, request);
    audit.write(how, account, account.email, request);
    return signedIn(body.apply(token), token, remembered);
  }

  /** The token of a login opened for whoever sends the request. */
  public String open(Account account, boolean remembered, HttpServerRequest request) {
    String userAgent = request.getHeader(HttpHeaders.USER_AGENT);
    return sessions
        .open(account, remembered, addresses.of(request), userAgent == null ? "" : userAgent)
        .token();
  }

  public Response signedIn(Object body, String token, boolean remembered) {
    return with(body, remembered ? cookies.remember(token) : cookies.untilClosed(token));
  }

  public Response signedOut(@Nullable Object body) {
    return with(body == null ? "null" : body, cookies.clear());
  }

  private static Response with(Object body, List<String> cookies) {
    Response.ResponseBuilder answer = Response.ok(body, MediaType.APPLICATION_JSON_TYPE);
    cookies.forEach(cookie -> answer.header(HttpHeaders.SET_COOKIE, cookie));
    return answer.build();
  }
}
