package dev.agentrelay.platform.identity;

import dev.agentrelay.platform.identity.Credential.SessionCookie;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the login session in a {@code Cookie} header (rest.md 2.2). */
public final class SessionCookies {
  public static final String NAME = "better-auth.session_token";

  /** The name when the public address is {@code https}. */
  public static final String SECURE_NAME = "__Secure-" + NAME;

  private SessionCookies() {}

  /** The login cookie, the secure name first; empty when the header has none that can be read. */
  public static Optional<SessionCookie> find(@Nullable String cookieHeader) {
    return value(cookieHeader, SECURE_NAME)
        .or(() -> value(cookieHeader, NAME))
        .map(SessionCookie::new);
  }

  /** The percent-decoded value of one cookie; empty when absent, blank or badly encoded. */
  public static Optional<String> value(@Nullable String cookieHeader, String name) {
    if (cookieHeader == null) {
      return Optional.empty();
    }
    for (String pair : cookieHeader.split(";", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
        return decode(pair.substring(equals + 1).strip());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> decode(String encoded) {
    try {
      // The decoder is one for forms, where a plus sign would become a space.
      String value = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
      return value.isBlank() ? Optional.empty() : Optional.of(value);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
