package dev.agentrelay.auth;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls the service as clients do, each call from an address of its own unless told otherwise. */
public final class TestingClient {
  public static final String PASSWORD = "Oracle-Passw0rd!";
  public static final String ORIGIN = "http://localhost:7492";

  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private TestingClient() {}

  /** An address that no other call of this run uses. */
  public static String freshAddress() {
    int next = ADDRESSES.incrementAndGet();
    return "10." + (next >> 16 & 255) + "." + (next >> 8 & 255) + "." + (next & 255);
  }

  public static String freshEmail() {
    return "user" + RandomText.of(RandomText.LETTERS, 12).toLowerCase(Locale.ROOT) + "@example.com";
  }

  public static RequestSpecification call() {
    return given()
        .header("x-forwarded-for", freshAddress())
        .header("origin", ORIGIN)
        .contentType(ContentType.JSON)
        .urlEncodingEnabled(false);
  }

  public static Response register(String email, String password) {
    return call()
        .body(Map.of("email", email, "password", password, "name", "Ada"))
        .post("/api/register");
  }

  /** The {@code cli} key of a new account. */
  public static String freshKey() {
    return register(freshEmail(), PASSWORD).then().statusCode(200).extract().path("key");
  }

  public static Response signUp(String email) {
    return call()
        .body(Map.of("email", email, "password", PASSWORD, "name", "Ada"))
        .post("/api/auth/sign-up/email");
  }

  /** The cookie pair, as a browser sends it back, of a new account. */
  public static String freshLogin() {
    return cookiePair(signUp(freshEmail()));
  }

  public static String cookiePair(Response response) {
    String header = response.then().statusCode(200).extract().header("set-cookie");
    return header.substring(0, header.indexOf(';'));
  }

  public static Response exchange(Map<String, String> credential) {
    return call()
        .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
        .body(credential)
        .post("/internal/exchange");
  }
}
