package dev.agentrelay.auth.exchange;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.exchange;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.CallerDirectory;
import dev.agentrelay.platform.identity.Credential.ApiKey;
import dev.agentrelay.platform.identity.Credential.SessionCookie;
import dev.agentrelay.platform.identity.Identification;
import dev.agentrelay.platform.identity.Identification.Known;
import dev.agentrelay.platform.identity.Identification.Unknown;
import dev.agentrelay.platform.identity.SessionCookies;
import io.quarkus.test.TestTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class CallerTest {
  private static final Duration ENOUGH = Duration.ofSeconds(10);

  @Inject CallerDirectory directory;
  @Inject SigningKeys keys;

  private Identification identify(ApiKey key) {
    return directory.identify(key).await().atMost(ENOUGH);
  }

  @Test
  void keyComesFirstThenCookieThenBearer() {
    String key = freshKey();
    String cookie = freshLogin();
    String keyOwner = call().header("x-api-key", key).get("/api/me").path("userId");
    String cookieOwner = call().header("cookie", cookie).get("/api/me").path("userId");
    assertThat(keyOwner).isNotEqualTo(cookieOwner);
    call()
        .header("x-api-key", key)
        .header("cookie", cookie)
        .get("/api/me")
        .then()
        .statusCode(200)
        .body("userId", equalTo(keyOwner))
        .body("userName", equalTo("Ada"));
    call()
        .header("x-api-key", "wrong")
        .header("cookie", cookie)
        .get("/api/me")
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
    call()
        .header("x-api-key", key)
        .header("cookie", "better-auth.session_token=forged.signature")
        .get("/api/me")
        .then()
        .body("userId", equalTo(keyOwner));
    call()
        .header("x-api-key", "")
        .header("cookie", cookie)
        .header("authorization", "Bearer " + key)
        .get("/api/me")
        .then()
        .body("userId", equalTo(cookieOwner));
    call()
        .header("authorization", "Bearer " + key)
        .get("/api/me")
        .then()
        .body("userId", equalTo(keyOwner));
    call()
        .header("cookie", "better-auth.session_token=forged")
        .get("/api/me")
        .then()
        .statusCode(401)
        .body(equalTo("Missing API key (x-api-key header)"));
  }

  @Test
  void exchangesNeedTheSecretOfTheServices() {
    call()
        .header("x-relay-internal-secret", "a guess")
        .body(Map.of("apiKey", freshKey()))
        .post("/internal/exchange")
        .then()
        .statusCode(403)
        .body("error", equalTo("Forbidden"));
    exchange(Map.of("apiKey", freshKey())).then().statusCode(200).body("token", notNullValue());
    exchange(Map.of("apiKey", "wrong")).then().statusCode(200).body("$", not(hasKey("token")));
    call()
        .get("/internal/keys")
        .then()
        .statusCode(200)
        .body("keys", hasSize(1))
        .body("keys[0]", not(hasKey("d")));
  }

  @Test
  void aDeletedKeyIsForgottenEverywhereWithinASecond() {
    ApiKey key = new ApiKey(freshKey());
    assertThat(identify(key)).isInstanceOf(Known.class);
    String id =
        call().header("x-api-key", key.value()).get("/api/auth/api-key/list").path("[0].id");
    call()
        .header("x-api-key", key.value())
        .body(Map.of("keyId", id))
        .post("/api/auth/api-key/delete")
        .then()
        .statusCode(200);
    awaitForgotten(() -> identify(key));
  }

  @Test
  void aSignedOutCookieIsForgottenEverywhereWithinASecond() {
    String pair = freshLogin();
    SessionCookie cookie = SessionCookies.find(pair).orElseThrow();
    assertThat(directory.identify(cookie).await().atMost(ENOUGH)).isInstanceOf(Known.class);
    call().header("cookie", pair).post("/api/auth/sign-out").then().statusCode(200);
    awaitForgotten(() -> directory.identify(cookie).await().atMost(ENOUGH));
  }

  private static void awaitForgotten(Supplier<Identification> identify) {
    Instant late = Instant.now().plusSeconds(1);
    Identification found = identify.get();
    while (!(found instanceof Unknown) && Instant.now().isBefore(late)) {
      Thread.onSpinWait();
      found = identify.get();
    }
    assertThat(found).isInstanceOf(Unknown.class);
  }

  @Test
  @TestTransaction
  void signingKeysTakeTurnsAndOldOnesAreShownForAWhile() throws Exception {
    Instant now = Instant.now();
    String first = keys.signerAt(now).id();
    assertThat(keys.signerAt(now.plus(Duration.ofDays(29))).id()).isEqualTo(first);
    String second = keys.signerAt(now.plus(Duration.ofDays(31)).minusSeconds(3600)).id();
    assertThat(second).isNotEqualTo(first);
    assertThat(shownKeys()).contains(first, second);
    keys.signerAt(now.plus(Duration.ofDays(32)));
    assertThat(shownKeys()).contains(second).doesNotContain(first);
  }

  private Iterable<String> shownKeys() throws Exception {
    return new JsonWebKeySet(keys.publicKeys())
        .getJsonWebKeys().stream().map(key -> key.getKeyId()).toList();
  }
}
