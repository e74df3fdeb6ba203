package dev.agentrelay.auth.enrolment;

import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
class EnrolmentTest {
  private static final String URL = "https://relay.example";
  private static final Map<String, String> CODE = Map.of("verificationToken", "ABC123");

  @Inject EntityManager database;
  @Inject UserTransaction transaction;

  private String cookie = "";

  @BeforeEach
  void signIn() {
    cookie = freshLogin();
  }

  private static String claim(Map<String, ?> body) {
    return call()
        .body(body)
        .post("/api/setup-claim")
        .then()
        .statusCode(200)
        .extract()
        .path("token");
  }

  private static Response poll(String token) {
    return call().get("/api/setup-claim/" + token);
  }

  private Response approve(String token) {
    return call().header("cookie", cookie).post("/api/setup-claim/" + token + "/approve");
  }

  private void expire(String table, String column, String token) throws Exception {
    transaction.begin();
    database
        .createNativeQuery(
            "UPDATE auth." + table + " SET expires_at = :then WHERE " + column + " = :hash")
        .setParameter("then", Instant.now().minus(Duration.ofSeconds(1)))
        .setParameter("hash", Credential.hash(token))
        .executeUpdate();
    transaction.commit();
  }

  @Test
  void anApprovedClaimHandsOutItsKeyOnce() {
    String token = claim(Map.of("relayUrl", URL, "label", " my <b>box</b> "));
    assertThat(token).matches("[0-9a-f]{64}");
    poll(token)
        .then()
        .statusCode(200)
        .body("status", equalTo("pending"))
        .body("relayUrl", equalTo(URL))
        .body("label", equalTo("my bboxb"))
        .body("$", not(hasKey("apiKey")));
    approve(token).then().statusCode(200).body("ok", equalTo(true));
    call()
        .get("/api/setup-claim-info/" + token)
        .then()
        .body("status", equalTo("approved"))
        .body("$", not(hasKey("apiKey")));
    Response redeemed = poll(token);
    redeemed
        .then()
        .body("status", equalTo("approved"))
        .body("apiKey", matchesPattern("pk_live_[a-zA-Z0-9]{64}"));
    poll(token).then().body("status", equalTo("redeemed")).body("$", not(hasKey("apiKey")));
    call()
        .header("x-api-key", redeemed.<String>path("apiKey"))
        .get("/api/auth/api-key/list")
        .then()
        .statusCode(200)
        .body("[0].name", equalTo("runner-my bboxb"));
    approve(token)
        .then()
        .statusCode(410)
        .body("error", equalTo("Claim not found, expired, or already processed"));
  }

  @Test
  void aLabelIsCutAndAClaimWaitsTenMinutes() {
    Response made =
        call().body(Map.of("relayUrl", URL, "label", "x".repeat(70))).post("/api/setup-claim");
    poll(made.path("token")).then().body("label", equalTo("x".repeat(64)));
    assertThat(Duration.between(Instant.now(), Instant.parse(made.<String>path("expiresAt"))))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
  }

  @Test
  void oneOfManyApprovalsAndPollsWins() {
    String token = claim(Map.of("relayUrl", URL));
    assertThat(atOnce(() -> approve(token)).filter(answer -> answer.statusCode() == 200))
        .hasSize(1);
    assertThat(atOnce(() -> poll(token)).filter(answer -> answer.path("apiKey") != null))
        .hasSize(1);
  }

  private static Stream<Response> atOnce(Supplier<Response> call) {
    List<CompletableFuture<Response>> calls =
        Stream.of(1, 2, 3, 4).map(i -> CompletableFuture.supplyAsync(call)).toList();
    return calls.stream().map(CompletableFuture::join);
  }

  @Test
  void aClaimNeedsAnAddressAndSomebodyWhoApproves() {
    call()
        .body("{broken")
        .post("/api/setup-claim")
        .then()
        .statusCode(400)
        .body("error", equalTo("Missing required field: relayUrl"));
    String token = claim(Map.of("relayUrl", URL));
    String path = "/api/setup-claim/" + token + "/approve";
    call().post(path).then().statusCode(401).body(equalTo("Unauthorized"));
    call()
        .header("x-api-key", "x".repeat(72))
        .post(path)
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
    poll("0".repeat(64)).then().statusCode(404).body("error", equalTo("Unknown or expired claim"));
    call().header("authorization", "Bearer " + freshKey()).post(path).then().statusCode(200);
  }

  @Test
  void anExpiredClaimIsOver() throws Exception {
    String token = claim(Map.of("relayUrl", URL));
    approve(token);
    expire("setup_claim", "token_hash", token);
    poll(token).then().body("status", equalTo("expired")).body("$", not(hasKey("apiKey")));
    approve(token).then().statusCode(410);
  }

  private String link() {
    return call()
        .header("cookie", cookie)
        .body(Map.of("relayUrl", URL))
        .post("/api/mobile-link")
        .then()
        .statusCode(200)
        .body("status", equalTo("pending"))
        .extract()
        .path("id");
  }

  private static Response scan(String id, Map<String, ?> body) {
    return call().body(body).post("/api/mobile-link/" + id + "/scan");
  }

  private static Response redeem(String id) {
    return call().post("/api/mobile-link/" + id + "/redeem");
  }

  private Response approveLink(String id, Map<String, ?> body) {
    return call().header("cookie", cookie).body(body).post("/api/mobile-link/" + id + "/approve");
  }

  @Test
  void aScannedPhoneIsApprovedAndFetchesItsKeyOnce() {
    String id = link();
    redeem(id).then().statusCode(410).body("error", equalTo("Mobile link not approved"));
    approveLink(id, CODE)
        .then()
        .statusCode(410)
        .body("error", equalTo("Mobile link not found, expired, or not ready"));
    scan(id, Map.of("verificationToken", "ABC123", "deviceName", "Phone"))
        .then()
        .statusCode(200)
        .body("status", equalTo("scanned"));
    scan(id, Map.of("verificationToken", "ZZZ999", "deviceName", "Thief"))
        .then()
        .statusCode(200)
        .body("verificationToken", equalTo("ABC123"))
        .body("deviceName", equalTo("Phone"));
    approveLink(id, Map.of("verificationToken", "ZZZ999")).then().statusCode(410);
    approveLink(id, Map.of("verificationToken", "abc"))
        .then()
        .statusCode(400)
        .body("error", equalTo("verificationToken must be 6 uppercase letters/digits"));
    call()
        .header("cookie", freshLogin())
        .body(CODE)
        .post("/api/mobile-link/" + id + "/approve")
        .then()
        .statusCode(410);
    approveLink(id, CODE).then().statusCode(200).body("status", equalTo("approved"));
    Response redeemed = redeem(id);
    redeemed.then().statusCode(200).body("status", equalTo("approved"));
    call()
        .header("x-api-key", redeemed.<String>path("apiKey"))
        .get("/api/me")
        .then()
        .statusCode(200);
    redeem(id).then().statusCode(410).body("error", equalTo("Mobile link already redeemed"));
    call().get("/api/mobile-link/" + id).then().body("status", equalTo("approved"));
  }

  @Test
  void anExpiredLinkIsUnknown() throws Exception {
    String id = link();
    expire("mobile_link", "id_hash", id);
    call()
        .get("/api/mobile-link/" + id)
        .then()
        .statusCode(404)
        .body("error", equalTo("Unknown or expired mobile link"));
    scan(id, CODE).then().statusCode(404);
  }

  @Test
  void theMobileAppMayCallFromItsOwnPages() {
    for (String path : List.of("/api/mobile-link/x", "/api/mobile-link/x/scan")) {
      Response preflight = given().header("origin", "capacitor://localhost").options(path);
      preflight.then().statusCode(204);
      assertThat(preflight.header("access-control-allow-origin"))
          .isEqualTo("capacitor://localhost");
      assertThat(preflight.header("access-control-allow-methods")).isEqualTo("GET, POST, OPTIONS");
    }
    given()
        .header("origin", "https://evil.example")
        .get("/api/mobile-link/x")
        .then()
        .statusCode(404)
        .header("access-control-allow-origin", "http://localhost:7492")
        .header("vary", "Origin");
  }
}
