package dev.agentrelay.auth.login;

import dev.agentrelay.auth.account.Account;
import dev.agentrelay.platform.http.ClientAddress;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a login for a request and sets cookies on its answer. */
@ApplicationScoped
public class LoginAnswer {
  private final LoginSessions sessions;
  private final LoginCookies cookies;
  private final ClientAddress addresses;

  LoginAnswer(LoginSessions sessions, LoginCookies cookies, ClientAddress addresses) {
    this.sessions = sessions;
    this.cookies = cookies;
    this.addresses = addresses;
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
