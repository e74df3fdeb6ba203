package dev.agentrelay.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.identity.Credential.SessionCookie;
import org.junit.jupiter.api.Test;

class SessionCookiesTest {
  @Test
  void decodesTheCookieAsBrowsersSendIt() {
    assertThat(
            SessionCookies.find(
                "theme=dark;"
                    + " better-auth.session_token=sySgPxZI7KfZwqvhvBCuh0sf5tpjU2eX.yLZHKqU7eKe%2ByUy6yIRG8ANO9DazCmMFnNB0x1bXag0%3D"))
        .contains(
            new SessionCookie(
                "sySgPxZI7KfZwqvhvBCuh0sf5tpjU2eX.yLZHKqU7eKe+yUy6yIRG8ANO9DazCmMFnNB0x1bXag0="));
  }

  @Test
  void prefersTheSecureName() {
    assertThat(
            SessionCookies.find(
                "better-auth.session_token=plain; __Secure-better-auth.session_token=secure"))
        .contains(new SessionCookie("secure"));
  }

  @Test
  void findsNothingInWhatIsNoCookie() {
    assertThat(SessionCookies.find(null)).isEmpty();
    assertThat(SessionCookies.find("")).isEmpty();
    assertThat(SessionCookies.find("better-auth.session_token=")).isEmpty();
    assertThat(SessionCookies.find("better-auth.session_token=%zz")).isEmpty();
    assertThat(SessionCookies.find("xbetter-auth.session_token=a")).isEmpty();
  }
}
