package dev.agentrelay.auth.enrolment;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.auth.RealStores;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the keys of devices last, and who may have one (rest.md 7.5). */
@QuarkusTest
@RealStores
class DeviceKeysTest {
  private static final Map<String, String> HERE = Map.of("relayUrl", ORIGIN);
  private static final Map<String, String> CODE = Map.of("verificationToken", "ABC123");
  private static final String SIXTY_FOUR = "0".repeat(64);

  private String cookie = "";

  @BeforeEach
  void signIn() {
    cookie = freshLogin();
  }

  private RequestSpecification mine() {
    return call().header("cookie", cookie);
  }

  private Instant endOf(String nameStart) {
    Response keys = mine().get("/api/auth/api-key/list");
    return Instant.parse(
        keys.<String>path("find { it.name.startsWith('" + nameStart + "') }.expiresAt"));
  }

  private static String claim() {
    return call().body(HERE).post("/api/setup-claim").path("token");
  }

  private String scannedLink() {
    String id = mine().body(HERE).post("/api/mobile-link").path("id");
    call().body(CODE).post("/api/mobile-link/" + id + "/scan").then().statusCode(200);
    return id;
  }

  @Test
  void aPersonsApprovalLastsAYearForAMachineAndAQuarterForAPhone() {
    String claim = claim();
    mine().post("/api/setup-claim/" + claim + "/approve").then().statusCode(200);
    assertThat(endOf("setup-claim-" + claim.substring(0, 8)))
        .isCloseTo(Instant.now().plus(365, ChronoUnit.DAYS), within(1, ChronoUnit.MINUTES));
    String link = scannedLink();
    mine().body(CODE).post("/api/mobile-link/" + link + "/approve").then().statusCode(200);
    assertThat(endOf("mobile-link-" + link.substring(0, 8)))
        .isCloseTo(Instant.now().plus(90, ChronoUnit.DAYS), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void aKeyApprovesForNoLongerThanItsOwnLife() {
    Response own =
        mine().body(Map.of("name", "own", "expiresIn", 86_400)).post("/api/auth/api-key/create");
    Instant end = Instant.parse(own.<String>path("expiresAt"));
    String claim = claim();
    String link = scannedLink();
    RequestSpecification byKey = call().header("x-api-key", own.<String>path("key"));
    byKey.post("/api/setup-claim/" + claim + "/approve").then().statusCode(200);
    byKey.body(CODE).post("/api/mobile-link/" + link + "/approve").then().statusCode(200);
    assertThat(endOf("setup-claim-")).isEqualTo(end);
    assertThat(endOf("mobile-link-")).isEqualTo(end);
  }

  @Test
  void aPhoneIsApprovedOnceAndByItsOwner() {
    String link = scannedLink();
    String approval = "/api/mobile-link/" + link + "/approve";
    call().body(CODE).post(approval).then().statusCode(401).body(equalTo("Unauthorized"));
    call()
        .header("x-api-key", "x".repeat(72))
        .body(CODE)
        .post(approval)
        .then()
        .statusCode(401)
        .body(equalTo("Invalid or expired API key"));
    given()
        .header("cookie", cookie)
        .header("origin", "https://evil.example")
        .contentType("application/json")
        .body(CODE)
        .post(approval)
        .then()
        .statusCode(403);
    mine().body(CODE).post(approval).then().statusCode(200);
    mine().body(CODE).post(approval).then().statusCode(410);
  }

  @Test
  void whatIsMissingOrUnknownIsSaid() {
    call().body(HERE).post("/api/mobile-link").then().statusCode(401);
    mine()
        .body("{broken")
        .post("/api/mobile-link")
        .then()
        .statusCode(400)
        .body("error", equalTo("Missing required field: relayUrl"));
    for (String call : new String[] {"/scan", "/redeem"}) {
      call()
          .body(CODE)
          .post("/api/mobile-link/" + SIXTY_FOUR + call)
          .then()
          .statusCode(404)
          .body("error", equalTo("Unknown or expired mobile link"));
    }
    call()
        .get("/api/setup-claim-info/" + SIXTY_FOUR)
        .then()
        .statusCode(404)
        .body("error", equalTo("Unknown or expired claim"));
    mine().post("/api/setup-claim/short/approve").then().statusCode(410);
  }

  /** The app's own pages may call, others are told whose pages may; absent stands for no header. */
  @ParameterizedTest
  @CsvSource({
    "capacitor://localhost, capacitor://localhost",
    "http://localhost, http://localhost",
    "ionic://localhost, ionic://localhost",
    "null, null",
    "http://localhost:7492, http://localhost:7492",
    "https://evil.example, http://localhost:7492",
    "absent, http://localhost:7492"
  })
  void pagesOfTheAppMayCall(String origin, String allowed) {
    RequestSpecification call = given();
    if (!origin.equals("absent")) {
      call.header("origin", origin);
    }
    for (Response answer :
        new Response[] {
          call.options("/api/mobile-link/x"),
          call.get("/api/mobile-link/" + SIXTY_FOUR),
          call.contentType("application/json").body(CODE).post("/api/mobile-link/x/scan")
        }) {
      answer
          .then()
          .header("access-control-allow-origin", equalTo(allowed))
          .header("access-control-allow-headers", equalTo("Content-Type"))
          .header("vary", equalTo("Origin"));
    }
  }
}
