package dev.agentrelay.auth.exchange;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.identity.AuthServiceClient;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import dev.agentrelay.platform.identity.ServicesOnly;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges a credential for a signed identity. For the other services alone: a wrong secret is
 * their misconfiguration, never an answer about the credential.
 */
@ServicesOnly
@Path(AuthServiceClient.EXCHANGE_PATH)
public class ExchangeResource {
  private final CredentialCheck check;
  private final IdentityIssuer issuer;

  ExchangeResource(CredentialCheck check, IdentityIssuer issuer) {
    this.check = check;
    this.issuer = issuer;
  }

  /**
   * @param cookie the login cookie's decoded value
   */
  record Question(@Nullable String apiKey, @Nullable String cookie) {}

  /**
   * @param token the signed identity; absent when the credential is not good
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Answer(@Nullable String token) {}

  @POST
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Answer exchange(Question question) {
    return check(question) instanceof Checked.Good good
        ? new Answer(issuer.issue(good))
        : new Answer(null);
  }

  private Checked check(Question question) {
    if (question.apiKey() != null) {
      return check.check(new ApiKey(question.apiKey()));
    }
    if (question.cookie() != null) {
      return check.check(new SessionCookie(question.cookie()));
    }
    throw new RelayException(ErrorCode.INVALID_REQUEST, "apiKey or cookie is needed");
  }
}
