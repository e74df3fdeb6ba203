package dev.agentrelay.auth.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.platform.http.JsonBody;
import dev.agentrelay.platform.http.TrustedOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.regex.Pattern;

/** Refuses to send people to other sites after a login (rest.md 2.3). */
@ApplicationScoped
public class CallbackAddress {
  private static final List<String> MEMBERS =
      List.of("callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL");

  /** A path on this site; two slashes or a backslash would name another one. */
  private static final Pattern RELATIVE = Pattern.compile("/(?![/\\\\%])[^\\\\\\s]*");

  private final TrustedOrigins trusted;

  CallbackAddress(TrustedOrigins trusted) {
    this.trusted = trusted;
  }

  /**
   * @throws AuthException when an address to go to afterwards is there and leads elsewhere
   */
  public void check(ObjectNode body) {
    for (String member : MEMBERS) {
      String address = JsonBody.text(body, member);
      if (address != null && !address.isEmpty() && !isOurs(address)) {
        throw AuthError.INVALID_CALLBACKURL.failure();
      }
    }
  }

  private boolean isOurs(String address) {
    return address.equals("/")
        || RELATIVE.matcher(address).matches()
        || trusted.contains(TrustedOrigins.originOf(address));
  }
}
