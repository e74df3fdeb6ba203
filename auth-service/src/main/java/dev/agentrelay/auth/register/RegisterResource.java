package dev.agentrelay.auth.register;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.account.Account;
import dev.agentrelay.auth.account.Accounts;
import dev.agentrelay.auth.account.Accounts.Creation;
import dev.agentrelay.auth.account.EmailAddress;
import dev.agentrelay.auth.account.PasswordPolicy;
import dev.agentrelay.auth.account.Passwords;
import dev.agentrelay.auth.apikey.ApiKeys;
import dev.agentrelay.auth.limit.LimitsConfig;
import dev.agentrelay.auth.limit.RateLimiter;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.ClientAddress;
import dev.agentrelay.platform.http.JsonBody;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands a machine its {@code cli} key for address and password (rest.md 3, A1). */
@Path("/api/register")
public class RegisterResource {
  private static final Duration STORE_ANSWERS = Duration.ofSeconds(5);

  private final RateLimiter limiter;
  private final LimitsConfig limits;
  private final ClientAddress addresses;
  private final JsonBody json;
  private final Accounts accounts;
  private final Passwords passwords;
  private final ApiKeys keys;

  RegisterResource(
      RateLimiter limiter,
      LimitsConfig limits,
      ClientAddress addresses,
      JsonBody json,
      Accounts accounts,
      Passwords passwords,
      ApiKeys keys) {
    this.limiter = limiter;
    this.limits = limits;
    this.addresses = addresses;
    this.json = json;
    this.accounts = accounts;
    this.passwords = passwords;
    this.keys = keys;
  }

  record Registered(boolean ok, String key) {}

  @POST
  @RunOnVirtualThread
  @Produces(MediaType.APPLICATION_JSON)
  public Registered register(@Nullable String text, HttpServerRequest request) {
    limit(addresses.of(request));
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
            .map(known -> authenticate(known, password))
            .orElseGet(() -> create(email, name, password));
    return new Registered(true, keys.replaceCliKey(account).text());
  }

  private void limit(String address) {
    Optional<Duration> wait =
        limiter
            .count("register:" + address, limits.registerCalls(), limits.registerWindow())
            .await()
            .atMost(STORE_ANSWERS);
    if (wait.isPresent()) {
      throw new RelayException(
          ErrorCode.RATE_LIMITED,
          "Too many registration attempts. Please try again later.",
          wait.get());
    }
  }

  private Account authenticate(Account account, String password) {
    if (passwords.matches(password, account.passwordHash)) {
      return account;
    }
    throw accounts.signUpsOpen()
        ? new RelayException(ErrorCode.UNAUTHORIZED, "Invalid credentials")
        : closed();
  }

  private Account create(String email, @Nullable String name, String password) {
    if (!accounts.signUpsOpen()) {
      passwords.matchNobody(password);
      throw closed();
    }
    if (name == null || name.isBlank()) {
      throw invalid("Missing required field: name (required for new accounts)");
    }
    return switch (accounts.create(email, name, passwords.hash(password), null)) {
      case Creation.Created created -> created.account();
      // Somebody registered the address in the meantime: perhaps the same person, twice.
      case Creation.Taken taken -> authenticate(existing(email), password);
      case Creation.Closed closed ->
          accounts
              .byEmail(email)
              .map(known -> authenticate(known, password))
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
