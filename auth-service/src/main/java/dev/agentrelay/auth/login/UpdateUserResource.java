package dev.agentrelay.auth.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.auth.web.AuthError;
import dev.agentrelay.auth.web.AuthException;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes the name and picture of whoever is signed in (rest.md 2.1). */
@OpenToAnyone
@Path("/api/auth/update-user")
public class UpdateUserResource {
  private static final Map<String, Boolean> DONE = Map.of("status", true);

  private final JsonBody json;
  private final CredentialCheck check;
  private final Accounts accounts;
  private final LoginAnswer login;

  UpdateUserResource(JsonBody json, CredentialCheck check, Accounts accounts, LoginAnswer login) {
    this.json = json;
    this.check = check;
    this.accounts = accounts;
    this.login = login;
  }

  @POST
  @RunOnVirtualThread
  public Response update(@Nullable String text, @Context HttpHeaders headers) {
    ObjectNode body = json.require(text);
    LoginFields fields = new LoginFields(body);
    boolean renamed = body.has("name");
    String name = renamed ? fields.text("name", Account.LONGEST_NAME) : "";
    boolean pictured = body.has("image");
    String image =
        pictured && !body.path("image").isNull()
            ? fields.text("image", Account.LONGEST_IMAGE)
            : null;
    fields.check();
    Checked.Good caller = check.require(headers, AuthException::unauthorized);
    if (body.has("email")) {
      throw AuthError.EMAIL_CAN_NOT_BE_UPDATED.failure();
    }
    if (!renamed && !pictured) {
      throw AuthError.NO_FIELDS_TO_UPDATE.failure();
    }
    Account account = caller.account();
    accounts.describe(account, renamed ? name : account.name, pictured ? image : account.image);
    return caller instanceof Checked.SignedIn own
        ? login.signedIn(DONE, own.token(), own.session().remembered)
        : Response.ok(DONE, MediaType.APPLICATION_JSON_TYPE).build();
  }
}
