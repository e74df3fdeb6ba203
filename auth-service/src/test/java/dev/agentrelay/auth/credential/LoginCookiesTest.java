package dev.agentrelay.auth.credential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.AuthConfig;
import dev.agentrelay.auth.secret.AuthSecret;
import dev.agentrelay.platform.config.RelayConfig;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import dev.agentrelay.platform.identity.SessionCookies;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class LoginCookiesTest {
  private static final String SECRET = "a secret of more than 32 characters";
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz012345";

  private static LoginCookies cookies(String publicUrl) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(AuthConfig.class)
            .withMapping(RelayConfig.class)
            .withDefaultValue("quarkus.uuid", "r1")
            .withDefaultValue("relay.auth.secret", SECRET)
            .withDefaultValue("relay.public.url", publicUrl)
            .build();
    return new LoginCookies(
        new AuthSecret(config.getConfigMapping(AuthConfig.class), LaunchMode.NORMAL),
        config.getConfigMapping(RelayConfig.class));
  }

  @Test
  void isSecureWhereThePublicAddressIs() {
    assertThat(cookies("http://relay.example").remember(TOKEN))
        .singleElement()
        .asString()
        .startsWith("better-auth.session_token=" + TOKEN)
        .doesNotContain("Secure");
    assertThat(cookies("https://relay.example").remember(TOKEN))
        .singleElement()
        .asString()
        .startsWith("__Secure-better-auth.session_token=" + TOKEN)
        .endsWith("; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax");
  }

  @Test
  void isSignedWithTheSecretAsClientsAndImportedLoginsKnowIt() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String signature =
        Base64.getEncoder().encodeToString(mac.doFinal(TOKEN.getBytes(StandardCharsets.UTF_8)));
    LoginCookies cookies = cookies("http://relay.example");
    String header = cookies.remember(TOKEN).getFirst();
    SessionCookie sent =
        SessionCookies.find(header.substring(0, header.indexOf(';'))).orElseThrow();
    assertThat(sent.value()).isEqualTo(TOKEN + "." + signature);
    assertThat(cookies.verify(sent)).contains(TOKEN);
    String unpadded = signature.replace("=", "");
    String urlSafe = signature.replace('+', '-').replace('/', '_') + "=";
    for (String forged : List.of(unpadded, urlSafe, signature.substring(1), "")) {
      assertThat(cookies.verify(new SessionCookie(TOKEN + "." + forged))).isEmpty();
    }
    assertThat(cookies.verify(new SessionCookie("other" + "." + signature))).isEmpty();
  }
}
