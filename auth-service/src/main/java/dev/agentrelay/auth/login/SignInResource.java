package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.AccountView;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.account.EmailAddress;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.CallbackAddress;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Signs in with address and password (rest.md 2.4, B2). */
@OpenToAnyone
@Path("/api/auth/sign-in/email")
public class SignInResource {
  private final JsonBody json;
  private final Accounts accounts;
  private final Passwords passwords;
  private final CallbackAddress callback;
  private final LoginAnswer login;
  private final AuditTrail audit;

  SignInResource(
      JsonBody json,
      Accounts accounts,
      Passwords passwords,
      CallbackAddress callback,
      LoginAnswer login,
      AuditTrail audit) {
    this.json = json;
    this.accounts = accounts;
    this.passwords = passwords;
    this.callback = callback;
    this.login = login;
    this.audit = audit;
  }

  record SignedIn(boolean redirect, String token, AccountView user) {}

  @POST
  @RunOnVirtualThread
  public Response signIn(@Nullable String text, HttpServerRequest request) {
    ObjectNode body = isForm(request) ? form(text) : json.require(text);
    LoginFields fields = new LoginFields(body);
    String email = fields.text("email");
    String password = fields.text("password");
    fields.check();
    callback.check(body);
    if (!EmailAddress.isValid(email)) {
      throw AuthError.INVALID_EMAIL.failure();
    }
    Optional<Account> known = accounts.byEmail(email);
    if (!isRight(password, known)) {
      audit.write(AuditAction.SIGN_IN_REFUSED, known.orElse(null), email, request);
      throw AuthError.INVALID_EMAIL_OR_PASSWORD.failure();
    }
    Account account = known.orElseThrow();
    boolean remembered = !"false".equals(body.path("rememberMe").asText());
    return login.enter(
        account,
        AuditAction.SIGNED_IN,
        remembered,
        request,
        token -> new SignedIn(false, token, AccountView.of(account)));
  }

  /** Takes the same time whether or not there is an account. */
  private boolean isRight(String password, Optional<Account> account) {
    if (account.isEmpty()) {
      passwords.matchNobody(password);
      return false;
    }
    return passwords.matches(password, account.get().passwordHash);
  }

  private static boolean isForm(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith(MediaType.APPLICATION_FORM_URLENCODED);
  }

  private ObjectNode form(@Nullable String text) {
    ObjectNode body = json.orEmpty(null);
    new QueryStringDecoder(text == null ? "" : text, false)
        .parameters()
        .forEach((name, values) -> body.put(name, values.getFirst()));
    return body;
  }
}
