package dev.agentrelay.auth.replica;

import static dev.agentrelay.auth.TestingClient.ORIGIN;
import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.cookiePair;
import static dev.agentrelay.auth.TestingClient.freshAddress;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.agentrelay.contracts.Topics;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two replicas on the same stores act as one. */
class ReplicasIT {
  private static final String OLD_SECRET = "the secret of last year 0123456789";
  private static final String NEW_SECRET = "the secret of this year 0123456789";
  private static final int CALLERS = 8;
  private static final Map<String, String> SETTINGS = new HashMap<>();

  private static ReplicaProcess one;
  private static ReplicaProcess other;

  /** The one account: of several first sign-ups at once, at both replicas. */
  private static String email;

  @BeforeAll
  static void start() {
    SETTINGS.putAll(new StoresTestResource().start());
    one = ReplicaProcess.start("one", with(OLD_SECRET, NEW_SECRET));
    other = ReplicaProcess.start("other", with(OLD_SECRET, NEW_SECRET));
    one.awaitReady();
    other.awaitReady();
    List<Response> answers =
        atOnce(
            replica ->
                replica
                    .call()
                    .body(Map.of("email", freshEmail(), "password", PASSWORD, "name", "Ada"))
                    .post("/api/auth/sign-up/email"));
    assertThat(answers)
        .extracting(Response::statusCode)
        .containsOnlyOnce(200)
        .containsOnly(200, 403);
    email =
        answers.stream()
            .filter(answer -> answer.statusCode() == 200)
            .findFirst()
            .orElseThrow()
            .path("user.email");
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
  }

  private static Map<String, String> with(String secret, String alsoAccepted) {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.put("relay.auth.secret", secret);
    settings.put("relay.auth.previous-secrets", alsoAccepted);
    return settings;
  }

  /** The same call several times at once, every second one at the other replica. */
  private static List<Response> atOnce(Function<ReplicaProcess, Response> call) {
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      return IntStream.range(0, CALLERS)
          .mapToObj(i -> CompletableFuture.supplyAsync(() -> call.apply(replica(i)), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private static ReplicaProcess replica(int number) {
    return number % 2 == 0 ? one : other;
  }

  private static HeardEvents heard(String topic) {
    return HeardEvents.of(String.valueOf(SETTINGS.get("kafka.bootstrap.servers")), topic);
  }

  private static String signIn(ReplicaProcess replica) {
    return cookiePair(
        replica
            .call()
            .body(Map.of("email", email, "password", PASSWORD))
            .post("/api/auth/sign-in/email"));
  }

  private static int me(ReplicaProcess replica, String header, String credential) {
    return replica.call().header(header, credential).get("/api/me").statusCode();
  }

  @Test
  void whatOneGivesOutIsGoodAtTheOtherUntilEitherEndsIt() {
    String cookie = signIn(one);
    assertThat(me(other, "cookie", cookie)).isEqualTo(200);
    Response made =
        other.call().header("cookie", cookie).body(Map.of()).post("/api/auth/api-key/create");
    String key = made.path("key");
    assertThat(me(one, "x-api-key", key)).isEqualTo(200);

    one.call()
        .header("cookie", cookie)
        .body(Map.of("keyId", made.<String>path("id")))
        .post("/api/auth/api-key/delete")
        .then()
        .statusCode(200);
    assertThat(me(other, "x-api-key", key)).isEqualTo(401);
    other.call().header("cookie", cookie).body("{}").post("/api/auth/sign-out");
    assertThat(me(one, "cookie", cookie)).isEqualTo(401);
  }

  @Test
  void identitiesOfOneAreVerifiedWithTheKeysOfTheOther() {
    String cookie = signIn(one);
    String token =
        one.call()
            .header("x-relay-internal-secret", "agent-relay-on-loopback-only")
            .body(Map.of("cookie", decoded(cookie)))
            .post("/internal/exchange")
            .path("token");
    String head = token.substring(0, token.indexOf('.'));
    String keyId =
        JsonPath.from(new String(Base64.getUrlDecoder().decode(head), StandardCharsets.UTF_8))
            .getString("kid");
    other.call().get("/internal/keys").then().body("keys.kid", hasItem(keyId));
  }

  private static String decoded(String cookie) {
    String value = cookie.substring(cookie.indexOf('=') + 1);
    return URLDecoder.decode(value, StandardCharsets.UTF_8);
  }

  @Test
  void callsAreCountedTogether() {
    String address = freshAddress();
    for (int i = 0; i < 5; i++) {
      replica(i).callFrom(address).body("{}").post("/api/register").then().statusCode(400);
    }
    other.callFrom(address).body("{}").post("/api/register").then().statusCode(429);
    Map<String, String> nobody = Map.of("email", "nobody", "password", "x");
    for (int i = 0; i < 3; i++) {
      replica(i)
          .callFrom(address)
          .body(nobody)
          .post("/api/auth/sign-in/email")
          .then()
          .statusCode(400);
    }
    other.callFrom(address).body(nobody).post("/api/auth/sign-in/email").then().statusCode(429);
  }

  @Test
  void ofManyMachinesThatRegisterOneKeepsItsKey() {
    List<Response> answers =
        atOnce(
            replica ->
                replica
                    .call()
                    .body(Map.of("email", email, "password", PASSWORD))
                    .post("/api/register"));
    assertThat(answers).extracting(Response::statusCode).containsOnly(200);
    assertThat(answers)
        .filteredOn(answer -> me(one, "x-api-key", answer.path("key")) == 200)
        .hasSize(1);
  }

  @Test
  void aClaimIsApprovedOnceAndItsKeyFetchedOnce() {
    String cookie = signIn(other);
    String claim =
        "/api/setup-claim/"
            + one.call().body(Map.of("relayUrl", ORIGIN)).post("/api/setup-claim").path("token");
    assertThat(atOnce(replica -> replica.call().header("cookie", cookie).post(claim + "/approve")))
        .extracting(Response::statusCode)
        .containsOnlyOnce(200)
        .containsOnly(200, 410);
    List<Response> polls = atOnce(replica -> replica.call().get(claim));
    assertThat(polls).filteredOn(poll -> poll.path("apiKey") != null).hasSize(1);
  }

  @Test
  void settingsOfBothAreSaidInTheOrderInWhichTheyWereSaved() {
    String cookie = signIn(one);
    try (HeardEvents heard = heard(Topics.PREFERENCES)) {
      for (int i = 0; i < 20; i++) {
        replica(i)
            .call()
            .header("cookie", cookie)
            .body(Map.of("model", "p/" + i))
            .put("/api/settings/subagent-model")
            .then()
            .statusCode(200);
      }
      assertThat(heard.until("\"p/19\"", "subagentModel"))
          .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> "p/" + i).toList());
    }
    other
        .call()
        .header("cookie", cookie)
        .get("/api/settings/subagent-model")
        .then()
        .body("model", equalTo("p/19"));
  }

  /** The bar for a revocation on its way to every service is one second. */
  @Test
  void aRevocationIsSaidWithinASecond() {
    String cookie = signIn(one);
    try (HeardEvents heard = heard(Topics.CREDENTIALS)) {
      Response made =
          one.call().header("cookie", cookie).body(Map.of()).post("/api/auth/api-key/create");
      other
          .call()
          .header("cookie", cookie)
          .body(Map.of("keyId", made.<String>path("id")))
          .post("/api/auth/api-key/delete")
          .then()
          .statusCode(200);
      Instant deleted = Instant.now();
      String hash = Credential.hash(made.path("key"));
      heard.until(hash, "credentialHash");
      assertThat(Duration.between(deleted, Instant.now())).isLessThan(Duration.ofSeconds(1));
    }
  }

  /** As in a rolling deploy: one replica signs with the new secret, others with the old one. */
  @Test
  void aNewSecretLogsNobodyOutWhileReplicasDiffer() {
    String before = signIn(one);
    try (ReplicaProcess renewed =
        ReplicaProcess.start("renewed", with(NEW_SECRET, OLD_SECRET)).awaitReady()) {
      assertThat(me(renewed, "cookie", before)).isEqualTo(200);
      String since = signIn(renewed);
      assertThat(me(one, "cookie", since)).isEqualTo(200);
      renewed.kill();
      assertThat(me(other, "cookie", since)).isEqualTo(200);
    }
  }
}
