package dev.agentrelay.auth.register;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.account.Accounts.Creation;
import dev.agentrelay.auth.account.EmailAddress;
import dev.agentrelay.auth.account.PasswordPolicy;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.audit.AuditAction;
import dev.agentrelay.auth.audit.AuditTrail;
import dev.agentrelay.auth.credential.ApiKeys;
import dev.agentrelay.auth.credential.ApiKeys.Replaced;
import dev.agentrelay.auth.limit.LimitsConfig;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.identity.OpenToAnyone;
import dev.agentrelay.platform.limit.RateLimiter;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Hands a machine its {@code cli} key for address and password (rest.md 3, A1). */
@OpenToAnyone
@Path("/api/register")
public class RegisterResource {
  private final RateLimiter limiter;
  private final LimitsConfig limits;
  private final ClientAddress addresses;
  private final JsonBody json;
  private final Accounts accounts;
  private final Passwords passwords;
  private final ApiKeys keys;
  private final AuditTrail audit;

  RegisterResource(
      RateLimiter limiter,
      LimitsConfig limits,
      ClientAddress addresses,
      JsonBody json,
      Accounts accounts,
      Passwords passwords,
      ApiKeys keys,
      AuditTrail audit) {
    this.limiter = limiter;
    this.limits = limits;
    this.addresses = addresses;
    this.json = json;
    this.accounts = accounts;
    this.passwords = passwords;
    this.keys = keys;
    this.audit = audit;
  }

  record Registered(boolean ok, String key) {}

  @POST
  @RunOnVirtualThread
  @Produces(MediaType.APPLICATION_JSON)
  public Registered register(@Nullable String text, HttpServerRequest request) {
    limiter.require(
        "register:" + addresses.networkOf(request),
        limits.registerCalls(),
        limits.registerWindow(),
        "Too many registration attempts. Please try again later.");
    ObjectNode body = json.require(text);
    String email = JsonBody.text(body, "email");
    String password = JsonBody.text(body, "password");
    String name = JsonBody.text(body, "name");
    if (email == null || email.isEmpty() || password == null || password.isEmpty()) {
      throw invalid("Missing required fields: email, password");
    }
    if (!EmailAddress.isValid(email)) {
      throw invalid("Invalid email format");
    }
    if (!PasswordPolicy.accepts(password)) {
      throw invalid(PasswordPolicy.SENTENCE);
    }
    Account account =
        accounts
            .byEmail(email)
            .map(known -> authenticate(known, password, request))
            .orElseGet(() -> create(email, name, password, request));
    Replaced replaced = keys.replaceCliKey(account);
    for (String ended : replaced.ended()) {
      audit.write(AuditAction.KEY_DELETED, account, ended, request);
    }
    audit.write(AuditAction.KEY_MADE, account, replaced.minted().key().id, request);
    return new Registered(true, replaced.minted().text());
  }

  private Account authenticate(Account account, String password, HttpServerRequest request) {
    if (passwords.matches(password, account.passwordHash)) {
      return account;
    }
    audit.write(AuditAction.SIGN_IN_REFUSED, account, account.email, request);
    throw accounts.signUpsOpen()
        ? new RelayException(ErrorCode.UNAUTHORIZED, "Invalid credentials")
        : closed();
  }

  private Account create(
      String email, @Nullable String name, String password, HttpServerRequest request) {
    if (!accounts.signUpsOpen()) {
      passwords.matchNobody(password);
      audit.write(AuditAction.SIGN_IN_REFUSED, null, email, request);
      throw closed();
    }
    if (name == null || name.isBlank()) {
      throw invalid("Missing required field: name (required for new accounts)");
    }
    if (name.length() > Account.LONGEST_NAME) {
      throw invalid("Name must be no more than " + Account.LONGEST_NAME + " characters long");
    }
    return switch (accounts.create(email, name, passwords.hash(password), null)) {
      case Creation.Created created -> {
        audit.write(AuditAction.SIGNED_UP, created.account(), email, request);
        yield created.account();
      }
      // Somebody registered the address in the meantime: perhaps the same person, twice.
      case Creation.Taken taken -> authenticate(existing(email), password, request);
      case Creation.Closed closed ->
          accounts
              .byEmail(email)
              .map(known -> authenticate(known, password, request))
              .orElseThrow(RegisterResource::closed);
    };
  }

  private Account existing(String email) {
    return accounts.byEmail(email).orElseThrow(RegisterResource::closed);
  }

  private static RelayException invalid(String text) {
    return new RelayException(ErrorCode.INVALID_REQUEST, text);
  }

  private static RelayException closed() {
    return new RelayException(ErrorCode.SIGNUPS_CLOSED, "Registration is not available.");
  }
}
