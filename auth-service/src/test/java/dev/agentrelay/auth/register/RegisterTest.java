package dev.agentrelay.auth.register;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.exchange;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.register;
import static dev.agentrelay.auth.TestingClient.signUp;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.auth.account.PasswordPolicy;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@RealStores
class RegisterTest {

  private static void refused(Object body, int status, String error, String code) {
    call()
        .body(body)
        .post("/api/register")
        .then()
        .statusCode(status)
        .header("content-type", matchesPattern("application/json;charset=(?i)utf-8"))
        .body("error", equalTo(error))
        .body("code", equalTo(code));
  }

  @Test
  void handsOutAKey() {
    register(freshEmail(), PASSWORD)
        .then()
        .statusCode(200)
        .body("ok", equalTo(true))
        .body("key", matchesPattern("pk_live_[a-zA-Z0-9]{64}"));
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    refused(
        Map.of("email", freshEmail()),
        400,
        "Missing required fields: email, password",
        "invalid_request");
    refused(
        Map.of("email", freshEmail(), "password", "weak"),
        400,
        PasswordPolicy.SENTENCE,
        "invalid_request");
    refused(
        Map.of("email", freshEmail(), "password", PASSWORD),
        400,
        "Missing required field: name (required for new accounts)",
        "invalid_request");
    refused("{broken", 400, "Invalid JSON body", "invalid_request");
    refused("null", 400, "Invalid JSON body", "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody",
        "a@b",
        "a@@example.com",
        "a b@example.com",
        "a@-example.com",
        "a@example-.com",
        "a@example.c",
        "a@exa_mple.com"
      })
  void refusesWhatIsNoAddress(String email) {
    refused(
        Map.of("email", email, "password", PASSWORD, "name", "Ada"),
        400,
        "Invalid email format",
        "invalid_request");
  }

  /** Written in another way, or with what cannot be seen, they look like somebody else's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\uFF41da@example.com", // full-width
        "ada\u200B@example.com", // zero width
        "\u202Eada@example.com", // right to left
        "ada\u0301@example.com", // letter and accent apart
        "\uFB01ona@example.com", // ligature
        "\u212Aada@example.com", // Kelvin sign, a k in lower case
        "ada\u00A0@example.com",
        "ada@ex\u0430mple.com", // Cyrillic
        "ada@example.com\n"
      })
  void refusesAddressesThatUseUnicodeToPassForOthers(String email) {
    refused(
        Map.of("email", email, "password", PASSWORD, "name", "Ada"),
        400,
        "Invalid email format",
        "invalid_request");
    signUp(email).then().statusCode(400).body("code", equalTo("VALIDATION_ERROR"));
  }

  @Test
  void takesLettersOfAnyLanguage() {
    String email = "\u00E9lo\u00EFse" + freshEmail();
    register(email, PASSWORD).then().statusCode(200);
    String again = register(email.toUpperCase(Locale.ROOT), PASSWORD).path("key");
    exchange(Map.of("apiKey", again)).then().body("$", hasKey("token"));
  }

  @Test
  void refusesTooLongLocalParts() {
    refused(
        Map.of("email", "a".repeat(65) + "@example.com", "password", PASSWORD, "name", "Ada"),
        400,
        "Invalid email format",
        "invalid_request");
  }

  @Test
  void whoHasAnAccountNeedsNoName() {
    String email = freshEmail();
    register(email, PASSWORD);
    call()
        .body(Map.of("email", email, "password", PASSWORD))
        .post("/api/register")
        .then()
        .statusCode(200);
  }

  @Test
  void refusesAWrongPassword() {
    String email = freshEmail();
    register(email, PASSWORD);
    refused(
        Map.of("email", email, "password", "Wrong-Passw0rd", "name", "Ada"),
        401,
        "Invalid credentials",
        "unauthorized");
  }

  @Test
  void aNewRegistrationReplacesTheKeyOfTheOneBefore() {
    String email = freshEmail();
    String first = register(email, PASSWORD).path("key");
    exchange(Map.of("apiKey", first)).then().body("$", hasKey("token"));
    String second = register(email.toUpperCase(Locale.ROOT), PASSWORD).path("key");
    exchange(Map.of("apiKey", first)).then().statusCode(200).body("$", not(hasKey("token")));
    exchange(Map.of("apiKey", second)).then().body("$", hasKey("token"));
  }

  @Test
  void twoRegistrationsOfOneAddressAtOnceMakeOneAccount() {
    String email = freshEmail();
    List<Response> answers =
        Stream.of(1, 2)
            .map(i -> CompletableFuture.supplyAsync(() -> register(email, PASSWORD)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers).allSatisfy(answer -> answer.then().statusCode(200));
    assertThat(
            answers.stream()
                .filter(
                    answer -> exchange(Map.of("apiKey", answer.path("key"))).path("token") != null))
        .hasSize(1);
  }

  @Test
  void theSixthCallOfAnAddressIsRefused() {
    String address = freshAddress();
    for (int i = 0; i < 5; i++) {
      from(address).then().statusCode(400);
    }
    from(address)
        .then()
        .statusCode(429)
        .header("retry-after", matchesPattern("[1-9]\\d*"))
        .body("error", equalTo("Too many registration attempts. Please try again later."))
        .body("code", equalTo("rate_limited"));
  }

  private static Response from(String address) {
    return given()
        .header("x-forwarded-for", "1.2.3.4, " + address)
        .header("x-pizzapi-client-ip", freshAddress())
        .contentType("application/json")
        .body("{}")
        .post("/api/register");
  }
}
