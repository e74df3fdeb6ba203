package dev.agentrelay.auth.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.http.TrustedOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/** Refuses to send people to other sites after a login (rest.md 2.3). */
@ApplicationScoped
public class CallbackAddress {
  /** A path on this site; two slashes or a backslash would name another one. */
  private static final Pattern RELATIVE = Pattern.compile("/(?![/\\\\%])[^\\\\\\s]*");

  private final TrustedOrigins trusted;

  CallbackAddress(TrustedOrigins trusted) {
    this.trusted = trusted;
  }

  /**
   * @throws AuthException when {@code callbackURL} is there and leads elsewhere
   */
  public void check(ObjectNode body) {
    String address = JsonBody.text(body, "callbackURL");
    if (address != null
        && !address.isEmpty()
        && !address.equals("/")
        && !RELATIVE.matcher(address).matches()
        && !trusted.contains(TrustedOrigins.originOf(address))) {
      throw AuthError.INVALID_CALLBACKURL.failure();
    }
  }
}
