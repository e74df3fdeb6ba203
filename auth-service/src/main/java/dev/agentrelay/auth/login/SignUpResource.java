package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.AccountView;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.account.Accounts.Creation;
import dev.agentrelay.auth.account.EmailAddress;
import dev.agentrelay.auth.account.PasswordPolicy;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.auth.web.CallbackAddress;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Makes an account and signs its owner in (rest.md 2.4, B1). */
@OpenToAnyone
@Path("/api/auth/sign-up/email")
public class SignUpResource {
  private final JsonBody json;
  private final Accounts accounts;
  private final Passwords passwords;
  private final CallbackAddress callback;
  private final LoginAnswer login;

  SignUpResource(
      JsonBody json,
      Accounts accounts,
      Passwords passwords,
      CallbackAddress callback,
      LoginAnswer login) {
    this.json = json;
    this.accounts = accounts;
    this.passwords = passwords;
    this.callback = callback;
    this.login = login;
  }

  record SignedUp(String token, AccountView user) {}

  @POST
  @RunOnVirtualThread
  public Response signUp(@Nullable String text, HttpServerRequest request) {
    if (!accounts.signUpsOpen()) {
      throw closed();
    }
    ObjectNode body = json.require(text);
    LoginFields fields = new LoginFields(body);
    String name = fields.text("name", Account.LONGEST_NAME);
    String email = fields.text("email");
    String password = fields.text("password");
    String image =
        body.path("image").isTextual() ? fields.text("image", Account.LONGEST_IMAGE) : null;
    if (body.path("email").isTextual() && !EmailAddress.isValid(email)) {
      fields.fault("email", "Invalid email address");
    }
    fields.check();
    callback.check(body);
    checkPassword(password);
    if (accounts.byEmail(email).isPresent()) {
      throw AuthError.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL.failure();
    }
    String hash = passwords.hash(password);
    Account account =
        switch (accounts.create(email, name, hash, image)) {
          case Creation.Created created -> created.account();
          case Creation.Taken taken ->
              throw AuthError.USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL.failure();
          case Creation.Closed closed -> throw closed();
        };
    return login.enter(
        account,
        AuditAction.SIGNED_UP,
        true,
        request,
        token -> new SignedUp(token, AccountView.of(account)));
  }

  private static void checkPassword(String password) {
    if (password.length() < PasswordPolicy.SHORTEST) {
      throw AuthError.PASSWORD_TOO_SHORT.failure();
    }
    if (password.length() > PasswordPolicy.LONGEST) {
      throw AuthError.PASSWORD_TOO_LONG.failure();
    }
    if (!PasswordPolicy.isMixed(password)) {
      throw AuthException.withError(400, "PASSWORD_TOO_WEAK", PasswordPolicy.SENTENCE);
    }
  }

  private static AuthException closed() {
    return AuthException.withError(
        403, "SIGNUPS_CLOSED", "Signups are disabled. Contact the administrator.");
  }
}
