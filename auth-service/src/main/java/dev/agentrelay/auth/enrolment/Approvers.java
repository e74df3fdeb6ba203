package dev.agentrelay.auth.enrolment;

import dev.agentrelay.auth.credential.Checked;
import dev.agentrelay.auth.credential.CredentialCheck;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Identification.Reason;
import dev.agentrelay.platform.identity.RequestIdentifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Finds who approves a device; refuses everybody else in words of its own (rest.md 1.2). */
@ApplicationScoped
class Approvers {
  private final CredentialCheck check;

  Approvers(CredentialCheck check) {
    this.check = check;
  }

  /**
   * @throws RefusedException with the 401 when there is no usable credential
   */
  Approver require(HttpHeaders headers) {
    Checked found = check.check(headers);
    Optional<ApiKey> bearer =
        RequestIdentifier.bearer(headers.getHeaderString(HttpHeaders.AUTHORIZATION));
    if ((found instanceof Checked.Nobody || found instanceof Checked.Ended) && bearer.isPresent()) {
      found = check.check(bearer.get());
    }
    return switch (found) {
      case Checked.Good good -> new Approver(good);
      case Checked.BadKey bad -> throw new RefusedException(Reason.INVALID_KEY.text());
      case Checked.UsedUp usedUp -> throw new RefusedException(Reason.INVALID_KEY.text());
      case Checked.Ended ended -> throw new RefusedException("Unauthorized");
      case Checked.Nobody nobody -> throw new RefusedException("Unauthorized");
    };
  }

  /** 401 in plain text. */
  static final class RefusedException extends jakarta.ws.rs.WebApplicationException {
    RefusedException(String text) {
      super(
          Response.status(Response.Status.UNAUTHORIZED)
              .type(MediaType.TEXT_PLAIN_TYPE)
              .entity(text)
              .build());
    }
  }
}
