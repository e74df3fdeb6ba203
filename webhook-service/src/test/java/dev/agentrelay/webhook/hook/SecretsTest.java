package dev.agentrelay.webhook.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets: how they are kept, and how they are changed. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class SecretsTest {
  private static final int ROUNDS = 20;

  @Inject Redis redis;
  @Inject EntityManager database;

  private TestOwner owner;
  private Hook hook;

  @BeforeEach
  void makeHook() {
    owner = new TestOwner(redis).runnerIsHere();
    hook = filtering(Map.of());
  }

  @Test
  void secretsDoNotLieOpenInTheDatabase() {
    Hook theirs = filtering(Map.of("senderSecret", "the-sender-made-this"));

    List<?> rows =
        database
            .createNativeQuery(
                "select encode(secret, 'escape') || encode(sender_secret, 'escape')"
                    + " from webhook.webhooks where id = :id")
            .setParameter("id", theirs.id())
            .getResultList();

    assertThat(String.valueOf(rows.getFirst()))
        .doesNotContain("whsec_")
        .doesNotContain("the-sender-made-this");
  }

  @Test
  void bothSecretsCountAfterARotationUntilTheOldOneEnds() {
    Response rotation = rotate(hook, "");
    rotation
        .then()
        .statusCode(200)
        .body("webhook.previousSecretExpiresAt", notNullValue())
        .body("webhook.secret", matchesPattern("whsec_[A-Za-z0-9+/]{43}="));
    Hook second = withSecretOf(rotation);

    assertThat(second.secret()).isNotEqualTo(hook.secret());
    TestOwner.fire(hook, "{}").then().statusCode(200);
    TestOwner.fire(second, "{}").then().statusCode(200);

    run("update webhook.webhooks set previous_secret_until = now() where id = :id");
    change("{}").then().body("webhook.previousSecretExpiresAt", nullValue());
    TestOwner.fire(hook, "{}").then().statusCode(401).body("error", equalTo("Invalid signature"));
    TestOwner.fire(second, "{}").then().statusCode(200);
  }

  @Test
  void theSecretBeforeTheLastDoesNotCount() {
    Hook second = withSecretOf(rotate(hook, "{\"overlapSeconds\":null}"));
    Hook third = withSecretOf(rotate(hook, "{\"overlapSeconds\":60}"));

    TestOwner.fire(hook, "{}").then().statusCode(401);
    TestOwner.fire(second, "{}").then().statusCode(200);
    TestOwner.fire(third, "{}").then().statusCode(200);

    Hook fourth = withSecretOf(rotate(hook, "{\"overlapSeconds\":0}"));
    TestOwner.fire(third, "{}").then().statusCode(401);
    TestOwner.fire(fourth, "{}").then().statusCode(200);
  }

  @Test
  void anOverlapIsAWholeNumberOfSecondsUpToThirtyDays() {
    for (String wrong : List.of("-1", "0.5", "\"60\"", "2592001", "1e300")) {
      rotate(hook, "{\"overlapSeconds\":" + wrong + "}")
          .then()
          .statusCode(400)
          .body("error", containsString("'overlapSeconds' must be a whole number"));
    }
    TestOwner.fire(hook, "{}").then().statusCode(200);
  }

  @Test
  void aRotationAndAChangeAtTheSameTimeBothCount() {
    for (int round = 0; round < ROUNDS; round++) {
      String name = "name " + round;
      CompletableFuture<Response> renaming =
          CompletableFuture.supplyAsync(
              () -> change("{\"name\":\"" + name + "\"}"), task -> Thread.ofVirtual().start(task));
      Hook rotated = withSecretOf(rotate(hook, ""));
      renaming.join().then().statusCode(200);

      owner
          .calls()
          .get("/api/webhooks/" + hook.id())
          .then()
          .body("webhook.name", equalTo(name))
          .body("webhook.secret", equalTo(rotated.secret()));
    }
  }

  @Test
  void aWebhookWhoseSecretNobodyCanReadIsListedAndRotated() {
    Hook other = filtering(Map.of());
    // Sealed for another webhook, which is as good as under another key.
    run(
        "update webhook.webhooks set secret ="
            + " (select secret from webhook.webhooks where id = '"
            + other.id()
            + "') where id = :id");
    // Whatever this replica remembers of it.
    change("{}").then().statusCode(200).body("webhook.secret", nullValue());

    owner
        .calls()
        .get("/api/webhooks")
        .then()
        .statusCode(200)
        .body("webhooks.id", equalTo(List.of(other.id(), hook.id())));
    TestOwner.fire(hook, "{}")
        .then()
        .statusCode(500)
        .body("error", equalTo("The webhook's secret cannot be read: rotate it"));

    Hook rotated = withSecretOf(rotate(hook, ""));
    TestOwner.fire(rotated, "{}").then().statusCode(200);
    TestOwner.fire(hook, "{}").then().statusCode(401);
  }

  private Hook filtering(Map<String, ?> more) {
    Map<String, Object> members = new HashMap<>(more);
    members.put("eventFilter", List.of("none"));
    return owner.hook(members);
  }

  private Response rotate(Hook which, String body) {
    return owner.calls().body(body).post("/api/webhooks/" + which.id() + "/rotate-secret");
  }

  private Response change(String body) {
    return owner.calls().body(body).put("/api/webhooks/" + hook.id());
  }

  private Hook withSecretOf(Response rotation) {
    return new Hook(hook.id(), rotation.then().statusCode(200).extract().path("webhook.secret"));
  }

  private void run(String update) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> database.createNativeQuery(update).setParameter("id", hook.id()).executeUpdate());
  }
}
