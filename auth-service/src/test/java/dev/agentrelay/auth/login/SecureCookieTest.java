package dev.agentrelay.auth.login;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.auth.PublicRelay;
import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A browser at a relay behind https (rest.md 2.2, 11 rows 3 and 4). */
@QuarkusTest
@RealStores
@TestProfile(PublicRelay.class)
class SecureCookieTest {
  @ConfigProperty(name = "relay.auth.secret")
  String secret;

  private static Response send(String path, Map<String, ?> body) {
    return given()
        .header("x-forwarded-for", freshAddress())
        .header("origin", PublicRelay.ADDRESS)
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
        .contentType("application/json")
        .body(body)
        .post(path);
  }

  @Test
  void aBrowserIsGivenASecureSignedCookie() throws Exception {
    String email = freshEmail();
    send("/api/auth/sign-up/email", Map.of("email", email, "password", PASSWORD, "name", "Ada"))
        .then()
        .statusCode(200);
    Response signedIn =
        send("/api/auth/sign-in/email", Map.of("email", email, "password", PASSWORD));
    String header = signedIn.then().statusCode(200).extract().header("set-cookie");
    assertThat(header)
        .startsWith("__Secure-better-auth.session_token=")
        .endsWith("; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax");
    String pair = header.substring(0, header.indexOf(';'));
    String value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
    String token = signedIn.path("token");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertThat(value)
        .isEqualTo(
            token
                + "."
                + Base64.getEncoder()
                    .encodeToString(mac.doFinal(token.getBytes(StandardCharsets.UTF_8))));
    given()
        .header("cookie", pair)
        .get("/api/auth/get-session")
        .then()
        .body("user.email", equalTo(email));
  }
}
