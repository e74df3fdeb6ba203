package dev.agentrelay.tunnel.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.UserId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What a tunnel token is good for (tunnel.md 7, 9). */
class TunnelTokensTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final UserId USER = new UserId("u1");

  private final TunnelTokens tokens = at(NOW, "secret");

  @Test
  void aTokenSpeaksForItsUserOnItsScopeAndPort() {
    String token = tokens.mint(USER, "runner:r1", 3000).token();
    assertThat(tokens.verify(token, "runner:r1", 3000)).contains(USER);
    assertThat(tokens.verify(token, "runner:r2", 3000)).isEmpty();
    assertThat(tokens.verify(token, "r1", 3000)).isEmpty();
    assertThat(tokens.verify(token, "runner:r1", 3001)).isEmpty();
  }

  @Test
  void aTokenEnds() {
    String token = tokens.mint(USER, "s", 1).token();
    assertThat(at(NOW.plusSeconds(3599), "secret").verify(token, "s", 1)).contains(USER);
    assertThat(at(NOW.plusSeconds(3600), "secret").verify(token, "s", 1)).isEmpty();
  }

  @Test
  void aTokenOfTheFormerSecretIsGoodWhileThatIsKnown() {
    String token = tokens.mint(USER, "s", 1).token();
    assertThat(at(NOW, "new", "secret").verify(token, "s", 1)).contains(USER);
    assertThat(at(NOW, "new").verify(token, "s", 1)).isEmpty();
  }

  @Test
  void aTokenThatWasChangedIsNone() {
    String token = tokens.mint(USER, "s", 1).token();
    String claims = claimsOf(token);
    for (String changed :
        List.of(
            claims.replace("u1", "u2"),
            claims.replace("pizzapi:tunnel", "other"),
            claims.replace("\"v\":1", "\"v\":2"))) {
      String body =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(changed.getBytes(StandardCharsets.UTF_8));
      assertThat(tokens.verify(body + "." + token.split("\\.")[1], "s", 1)).isEmpty();
    }
    for (String nonsense : List.of("", ".", "a.b", token + "x", token.split("\\.")[0] + ".")) {
      assertThat(tokens.verify(nonsense, "s", 1)).isEmpty();
    }
  }

  /** A signature says who wrote the claims, and not that they are good. */
  @Test
  void claimsOfAnotherKindAreNoneHoweverWellSigned() throws GeneralSecurityException {
    String claims = claimsOf(tokens.mint(USER, "s", 1).token());
    assertThat(tokens.verify(signed(claims), "s", 1)).contains(USER);
    for (String changed :
        List.of(
            claims.replace("pizzapi:tunnel", "pizzapi:attachment"),
            claims.replaceFirst("\"aud\":\"[^\"]*\",", ""),
            claims.replace("\"v\":1", "\"v\":2"),
            claims.replaceFirst("\"kid\":\"[^\"]*\"", "\"kid\":\"00000000\""),
            claims.replaceFirst("\"exp\":\\d+", "\"exp\":" + NOW.getEpochSecond()),
            claims.replaceFirst("\"exp\":\\d+,", ""),
            claims.replace("\"port\":1", "\"port\":2"))) {
      assertThat(changed).isNotEqualTo(claims);
      assertThat(tokens.verify(signed(changed), "s", 1)).as(changed).isEmpty();
    }
  }

  private static String claimsOf(String token) {
    return new String(Base64.getUrlDecoder().decode(token.split("\\.")[0]), StandardCharsets.UTF_8);
  }

  private static String signed(String claims) throws GeneralSecurityException {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String body = base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return body
        + "."
        + base64.encodeToString(mac.doFinal(body.getBytes(StandardCharsets.US_ASCII)));
  }

  private static TunnelTokens at(Instant now, String... secrets) {
    return new TunnelTokens(List.of(secrets), Duration.ofHours(1), InstantSource.fixed(now));
  }
}
