package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.AccountView;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.account.PasswordPolicy;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.auth.credential.LoginSessions;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Changes the password of whoever is signed in (rest.md 2.4, B5). */
@OpenToAnyone
@Path("/api/auth/change-password")
public class ChangePasswordResource {
  private final JsonBody json;
  private final CredentialCheck check;
  private final Accounts accounts;
  private final Passwords passwords;
  private final LoginSessions sessions;
  private final LoginAnswer login;
  private final AuditTrail audit;

  ChangePasswordResource(
      JsonBody json,
      CredentialCheck check,
      Accounts accounts,
      Passwords passwords,
      LoginSessions sessions,
      LoginAnswer login,
      AuditTrail audit) {
    this.json = json;
    this.check = check;
    this.accounts = accounts;
    this.passwords = passwords;
    this.sessions = sessions;
    this.login = login;
    this.audit = audit;
  }

  /**
   * @param token of the new login; absent when the others were left alone
   */
  record Changed(@Nullable String token, AccountView user) {}

  @POST
  @RunOnVirtualThread
  public Response change(
      @Nullable String text, @Context HttpHeaders headers, HttpServerRequest request) {
    ObjectNode body = json.require(text);
    LoginFields fields = new LoginFields(body);
    String newPassword = fields.text("newPassword");
    String currentPassword = fields.text("currentPassword");
    fields.check();
    if (!PasswordPolicy.accepts(newPassword)) {
      throw AuthException.withError(400, "PASSWORD_TOO_WEAK", PasswordPolicy.SENTENCE);
    }
    if (!(check.check(headers) instanceof Checked.SignedIn signedIn)) {
      throw AuthException.unauthorized();
    }
    Account account = signedIn.account();
    if (!passwords.matches(currentPassword, account.passwordHash)) {
      audit.write(AuditAction.PASSWORD_CHANGE_REFUSED, account, account.email, request);
      throw AuthError.INVALID_PASSWORD.failure();
    }
    accounts.changePassword(account, passwords.hash(newPassword));
    audit.write(AuditAction.PASSWORD_CHANGED, account, account.email, request);
    if (!body.path("revokeOtherSessions").asBoolean()) {
      return Response.ok(
              new Changed(null, AccountView.of(account)), MediaType.APPLICATION_JSON_TYPE)
          .build();
    }
    sessions.closeAll(account);
    String token = login.open(account, true, request);
    return login.signedIn(new Changed(token, AccountView.of(account)), token, true);
  }
}
