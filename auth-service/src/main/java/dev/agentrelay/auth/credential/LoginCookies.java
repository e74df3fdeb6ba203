package dev.agentrelay.auth.credential;

import dev.agentrelay.auth.secret.AuthSecret;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import dev.agentrelay.platform.identity.SessionCookies;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Writes, signs and verifies the login cookie, byte for byte as clients know it (rest.md 2.2). */
@ApplicationScoped
public class LoginCookies {
  private static final String DATA = "better-auth.session_data";
  private static final String DO_NOT_REMEMBER = "better-auth.dont_remember";

  private final AuthSecret secret;
  private final boolean secure;

  LoginCookies(AuthSecret secret, RelayConfig config) {
    this.secret = secret;
    this.secure = "https".equalsIgnoreCase(config.publicAddress().url().getScheme());
  }

  /** The cookie's decoded value for a token. */
  public SessionCookie sign(String token) {
    return new SessionCookie(signed(token));
  }

  /** The token of a cookie that this service signed; empty for a forged or truncated one. */
  public Optional<String> verify(SessionCookie cookie) {
    String value = cookie.value();
    int dot = value.lastIndexOf('.');
    if (dot <= 0) {
      return Optional.empty();
    }
    String token = value.substring(0, dot);
    byte[] presented = value.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
    boolean genuine =
        secret.acceptedHmacs(token).stream()
            .anyMatch(hmac -> MessageDigest.isEqual(base64(hmac), presented));
    return genuine ? Optional.of(token) : Optional.empty();
  }

  /** The {@code Set-Cookie} headers of a login that lasts beyond the browser. */
  public List<String> remember(String token) {
    return List.of(header(SessionCookies.NAME, signed(token), Optional.of(LoginSessions.LIFE)));
  }

  /** The {@code Set-Cookie} headers of a login that ends with the browser. */
  public List<String> untilClosed(String token) {
    return List.of(
        header(SessionCookies.NAME, signed(token), Optional.empty()),
        header(DO_NOT_REMEMBER, signed("true"), Optional.empty()));
  }

  /** The {@code Set-Cookie} headers that end a login. */
  public List<String> clear() {
    Optional<Duration> gone = Optional.of(Duration.ZERO);
    return List.of(
        header(SessionCookies.NAME, "", gone),
        header(DATA, "", gone),
        header(DO_NOT_REMEMBER, "", gone));
  }

  private String signed(String text) {
    return text + "." + new String(base64(secret.hmac(text)), StandardCharsets.US_ASCII);
  }

  private static byte[] base64(byte[] bytes) {
    return Base64.getEncoder().encode(bytes);
  }

  private String header(String name, String value, Optional<Duration> age) {
    return (secure ? "__Secure-" : "")
        + name
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8)
        + age.map(time -> "; Max-Age=" + time.toSeconds()).orElse("")
        + "; Path=/; HttpOnly"
        + (secure ? "; Secure" : "")
        + "; SameSite=Lax";
  }
}
