package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.signUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a login cookie does, how long, and which is none (rest.md 2.2). */
@QuarkusTest
@RealStores
class SignedInTest {
  @Inject EntityManager database;

  private static Response signIn(Map<String, ?> body) {
    return call().body(body).post("/api/auth/sign-in/email");
  }

  private static Response session(String cookie) {
    return call().header("cookie", cookie).get("/api/auth/get-session");
  }

  @Test
  void aLoginThatIsNotRememberedEndsWithTheBrowser() {
    String email = freshEmail();
    signUp(email);
    Response answer = signIn(Map.of("email", email, "password", PASSWORD, "rememberMe", false));
    assertThat(answer.headers().getValues("set-cookie"))
        .hasSize(2)
        .allSatisfy(cookie -> assertThat(cookie).doesNotContain("Max-Age"))
        .last()
        .asString()
        .startsWith("better-auth.dont_remember=true.");
    makeOld(answer);
    Response old = session(answer.headers().getValues("set-cookie").getFirst().split(";")[0]);
    assertThat(old.header("set-cookie")).isNull();
    assertThat(Instant.parse(old.<String>path("session.expiresAt")))
        .isBefore(Instant.now().plus(Duration.ofDays(3)));
  }

  /** As if the session of that answer had last been extended 25 hours ago. */
  private void makeOld(Response answer) {
    String token = answer.path("token");
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                database
                    .createNativeQuery(
                        "UPDATE auth.login_session SET updated_at = :then, expires_at = :end"
                            + " WHERE token_hash = :hash")
                    .setParameter("then", Instant.now().minus(Duration.ofHours(25)))
                    .setParameter("end", Instant.now().plus(Duration.ofDays(2)))
                    .setParameter("hash", Credential.hash(token))
                    .executeUpdate());
  }

  @Test
  void nobodyIsNull() {
    call().get("/api/auth/get-session").then().statusCode(200).body(equalTo("null"));
  }

  @Test
  void forgedAndTruncatedCookiesAreNobodyAndAreLeftAlone() {
    String cookie = freshLogin();
    String other = freshLogin();
    String signature = other.substring(other.indexOf('.', "better-auth.".length()));
    String token = cookie.substring(0, cookie.indexOf('.', "better-auth.".length()));
    for (String forged :
        new String[] {
          token + signature,
          token,
          cookie.substring(0, cookie.length() - 1),
          cookie.replace("%3D", ""),
          "better-auth.session_token=%zz"
        }) {
      Response answer = session(forged);
      answer.then().statusCode(200).body(equalTo("null"));
      assertThat(answer.header("set-cookie")).isNull();
    }
  }

  @Test
  void signingOutEndsTheSessionAndClearsTheCookies() {
    String cookie = freshLogin();
    Response answer = call().header("cookie", cookie).body("{}").post("/api/auth/sign-out");
    answer.then().statusCode(200).body("success", equalTo(true));
    assertThat(answer.headers().getValues("set-cookie"))
        .containsExactly(
            "better-auth.session_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            "better-auth.session_data=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax",
            "better-auth.dont_remember=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
    Response gone = session(cookie);
    gone.then().statusCode(200).body(equalTo("null"));
    assertThat(gone.headers().getValues("set-cookie")).hasSize(3);
    call().post("/api/auth/sign-out").then().statusCode(200);
  }

  @Test
  void aSessionIsExtendedADayAfterItsLastExtension() {
    Response login = signUp(freshEmail());
    String cookie = cookiePair(login);
    Response young = session(cookie);
    assertThat(young.header("set-cookie")).isNull();
    makeOld(login);
    Response old = session(cookie);
    assertThat(old.header("set-cookie")).startsWith(cookie + "; Max-Age=604800;");
    assertThat(Instant.parse(old.<String>path("session.expiresAt")))
        .isAfter(Instant.now().plus(Duration.ofDays(6)));
  }

  @Test
  void aCookieIsTheSameHoweverItsCharactersAreWritten() {
    String pair = freshLogin();
    String name = pair.substring(0, pair.indexOf('=') + 1);
    String written = pair.substring(name.length());
    String value = URLDecoder.decode(written, StandardCharsets.UTF_8);
    for (String same :
        new String[] {
          value,
          written.replace("%2B", "%2b").replace("%2F", "%2f").replace("%3D", "%3d"),
          "%" + Integer.toHexString(value.charAt(0)) + written.substring(1)
        }) {
      session(name + same).then().statusCode(200).body("session.token", notNullValue());
    }
    for (String another :
        new String[] {
          written.replace("%", "%25"),
          value.replace('.', ' '),
          value + "%00",
          value.toLowerCase(Locale.ROOT),
          value.replace("=", "") + "%20"
        }) {
      session(name + another).then().statusCode(200).body(equalTo("null"));
    }
  }
}
