package dev.agentrelay.auth.apikey;

import static dev.agentrelay.auth.TestingClient.PASSWORD;
import static dev.agentrelay.auth.TestingClient.call;
import static dev.agentrelay.auth.TestingClient.exchange;
import static dev.agentrelay.auth.TestingClient.freshEmail;
import static dev.agentrelay.auth.TestingClient.freshKey;
import static dev.agentrelay.auth.TestingClient.freshLogin;
import static dev.agentrelay.auth.TestingClient.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.Credential;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same is asked for by several at once: nobody gets a failure, and one outcome stands. */
@QuarkusTest
@RealStores
class KeyRacesTest {
  private static final int CALLERS = 8;

  @Inject EntityManager database;

  private static List<Response> atOnce(Supplier<Response> call) {
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
      return IntStream.range(0, CALLERS)
          .mapToObj(i -> CompletableFuture.supplyAsync(call, threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  @Test
  void ofManyMachinesThatRegisterOneKeepsItsKey() {
    String email = freshEmail();
    register(email, PASSWORD).then().statusCode(200);
    List<Response> answers = atOnce(() -> register(email, PASSWORD));
    assertThat(answers).allSatisfy(answer -> answer.then().statusCode(200));
    assertThat(answers)
        .filteredOn(
            answer -> exchange(Map.of("apiKey", answer.<String>path("key"))).path("token") != null)
        .hasSize(1);
  }

  @Test
  void aKeyIsDeletedByOne() {
    String cookie = freshLogin();
    String id =
        call().header("cookie", cookie).body(Map.of()).post("/api/auth/api-key/create").path("id");
    List<Response> answers =
        atOnce(
            () ->
                call()
                    .header("cookie", cookie)
                    .body(Map.of("keyId", id))
                    .post("/api/auth/api-key/delete"));
    assertThat(answers)
        .extracting(Response::statusCode)
        .containsOnlyOnce(200)
        .containsOnly(200, 404);
  }

  @Test
  void anExpiredKeyIsRefusedHoweverManyPresentIt() {
    String key = freshKey();
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                database
                    .createNativeQuery(
                        "UPDATE auth.api_key SET expires_at = :past WHERE key_hash = :hash")
                    .setParameter("past", Instant.now().minusSeconds(1))
                    .setParameter("hash", Credential.hash(key))
                    .executeUpdate());
    List<Response> answers = atOnce(() -> call().header("x-api-key", key).get("/api/me"));
    assertThat(answers).extracting(Response::statusCode).containsOnly(401);
    assertThat(call().header("x-api-key", key).get("/api/auth/get-session").<String>path("code"))
        .isEqualTo("INVALID_API_KEY");
  }

  @Test
  void aSessionIsSignedOutByAll() {
    String cookie = freshLogin();
    List<Response> answers =
        atOnce(() -> call().header("cookie", cookie).body("{}").post("/api/auth/sign-out"));
    assertThat(answers).extracting(Response::statusCode).containsOnly(200);
  }
}
