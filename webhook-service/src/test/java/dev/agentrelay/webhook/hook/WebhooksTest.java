package dev.agentrelay.webhook.hook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** W1 to W5 of rest.md 6.1, over HTTP. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class WebhooksTest {
  @Inject Redis redis;

  private TestOwner owner;

  @BeforeEach
  void makeOwner() {
    owner = new TestOwner(redis).runnerIsHere();
  }

  @Test
  void aNewWebhookHasEveryMember() {
    JsonPath made =
        owner
            .calls()
            .body(
                Map.of(
                    "name",
                    "  Deploys ",
                    "source",
                    " custom ",
                    "runnerId",
                    owner.runner().value(),
                    "cwd",
                    "/src",
                    "prompt",
                    " ",
                    "model",
                    Map.of("provider", " p ", "id", "m"),
                    "eventFilter",
                    List.of(),
                    "enabled",
                    false))
            .post("/api/webhooks")
            .then()
            .statusCode(201)
            .contentType("application/json;charset=utf-8")
            .body("webhook.id", matchesPattern("wh_[0-9a-f-]{36}"))
            .body("webhook.secret", matchesPattern("whsec_[A-Za-z0-9+/]{43}="))
            .extract()
            .jsonPath();

    assertThat(made.<String, Object>getMap("webhook"))
        .containsEntry("userId", owner.user().value())
        .containsEntry("name", "Deploys")
        .containsEntry("source", "custom")
        .containsEntry("runnerId", owner.runner().value())
        .containsEntry("cwd", "/src")
        .containsEntry("prompt", null)
        .containsEntry("model", Map.of("provider", "p", "id", "m"))
        .containsEntry("eventFilter", List.of())
        .containsEntry("enabled", true)
        .containsEntry("whenOffline", "reject")
        .containsEntry("signatureScheme", null)
        .containsEntry("hasSenderSecret", false)
        .containsEntry("previousSecretExpiresAt", null)
        .containsKeys("createdAt", "updatedAt")
        .hasSize(17);
  }

  @Test
  void whatIsNotGivenIsNull() {
    owner
        .calls()
        .body(Map.of("name", "n", "source", "s", "runnerId", 7, "model", "p/m"))
        .post("/api/webhooks")
        .then()
        .statusCode(201)
        .body("webhook.runnerId", nullValue())
        .body("webhook.cwd", nullValue())
        .body("webhook.model", nullValue())
        .body("webhook.eventFilter", nullValue());
  }

  @Test
  void wrongFormsAreRefusedInTheContractsOrder() {
    refusedNew("{", 400, "Invalid JSON body");
    refusedNew("null", 400, "Invalid JSON body");
    refusedNew("[]", 400, "Invalid JSON body");
    refusedNew("{}", 400, "Missing or invalid 'name' field");
    refusedNew("{'name':' ','source':'s'}", 400, "Missing or invalid 'name' field");
    refusedNew("{'name':'n','source':7}", 400, "Missing or invalid 'source' field");
    refusedNew(
        "{'name':'n','source':'s','eventFilter':['a',1],'runnerId':'none'}",
        400,
        "'eventFilter' must be an array of strings");
    refusedNew(
        "{'name':'n','source':'s','whenOffline':'never'}",
        400,
        "'whenOffline' must be 'reject' or 'queue'");
    refusedNew(
        "{'name':'n','source':'s','runnerId':'none'}", 403, "Runner not found or not owned by you");
    refusedNew(
        "{'name':'n','source':'s','model':{'provider':'hidden','id':'model'}}",
        403,
        "Model is hidden and cannot be used");
    owner.runnerIsTaken();
    refusedNew(
        "{'name':'n','source':'s','runnerId':'" + owner.runner() + "'}",
        403,
        "Runner not found or not owned by you");
  }

  @Test
  void aListHasTheOwnWebhooksNewestFirst() {
    Hook first = owner.hook(Map.of("name", "first"));
    Hook second = owner.hook(Map.of("name", "second"));
    new TestOwner(redis).hook(Map.of("runnerId", "-"));

    owner
        .calls()
        .get("/api/webhooks")
        .then()
        .statusCode(200)
        .body("webhooks.id", contains(second.id(), first.id()))
        .body("webhooks[1].secret", equalTo(first.secret()));
  }

  @Test
  void aChangeTouchesWhatItNames() {
    Hook hook = owner.hook(Map.of("cwd", "/src", "prompt", "go", "eventFilter", List.of("a")));
    JsonPath before = get(hook).statusCode(200).extract().jsonPath();

    change(hook, "{'name':' ','enabled':'no','cwd':'','model':{'provider':'p'}}")
        .statusCode(200)
        .body("webhook.name", equalTo("Deploys"))
        .body("webhook.enabled", equalTo(true))
        .body("webhook.cwd", nullValue())
        .body("webhook.prompt", equalTo("go"))
        .body("webhook.model", nullValue())
        .body("webhook.eventFilter", contains("a"))
        .body("webhook.secret", equalTo(hook.secret()))
        .body("webhook.createdAt", equalTo(before.getString("webhook.createdAt")));
    change(hook, "{'model':{'provider':'p','id':'m'},'eventFilter':null,'enabled':false}")
        .body("webhook.model", hasEntry("id", "m"))
        .body("webhook.eventFilter", nullValue())
        .body("webhook.enabled", equalTo(false));
    change(hook, "{'model':null,'eventFilter':[],'runnerId':null,'whenOffline':'queue'}")
        .body("webhook.model", nullValue())
        .body("webhook.eventFilter", empty())
        .body("webhook.runnerId", nullValue())
        .body("webhook.whenOffline", equalTo("queue"));
    change(hook, "{'senderSecret':'theirs','signatureScheme':'stripe'}")
        .body("webhook.hasSenderSecret", equalTo(true))
        .body("webhook.signatureScheme", equalTo("stripe"));
    String changed = get(hook).extract().path("webhook.updatedAt");
    change(hook, "{}").body("webhook.updatedAt", greaterThan(changed));
    change(hook, "{'eventFilter':'a'}")
        .statusCode(400)
        .body("error", equalTo("'eventFilter' must be an array of strings or null"));
    change(hook, "[]").statusCode(400).body("error", equalTo("Invalid JSON body"));
  }

  @Test
  void aChangeChoosesNoForeignRunnerAndNoHiddenModel() {
    Hook hook = owner.hook(Map.of());

    change(hook, "{'runnerId':'none'}")
        .statusCode(403)
        .body("error", equalTo("Runner not found or not owned by you"));
    change(hook, "{'model':{'provider':'hidden','id':'model'}}")
        .statusCode(403)
        .body("error", equalTo("Model is hidden and cannot be used"));
    owner.runnerIsTaken();
    change(hook, "{'runnerId':'" + owner.runner() + "'}").statusCode(403);
    get(hook).body("webhook.model", nullValue());
  }

  @Test
  void aForeignWebhookIsNotThere() {
    Hook hook = owner.hook(Map.of());
    TestOwner other = new TestOwner(redis);
    String path = "/api/webhooks/" + hook.id();

    List.of(
            other.calls().get(path),
            other.calls().body("{").put(path),
            other.calls().delete(path),
            other.calls().get(path + "/deliveries"),
            other.calls().post(path + "/deliveries/any/replay"),
            other.calls().post(path + "/rotate-secret"),
            other.calls().post(path + "/test"),
            owner.calls().get("/api/webhooks/wh_unknown"),
            owner.calls().get("/api/webhooks/a%00b"))
        .forEach(
            answer -> answer.then().statusCode(404).body("error", equalTo("Webhook not found")));
    owner.calls().get(path + "/test").then().statusCode(404).body("error", equalTo("Not found"));
  }

  @Test
  void aDeletedWebhookIsGone() {
    Hook hook = owner.hook(Map.of());

    owner
        .calls()
        .delete("/api/webhooks/" + hook.id())
        .then()
        .statusCode(200)
        .body("ok", equalTo(true));
    get(hook).statusCode(404);
    TestOwner.fire(hook, "{}").then().statusCode(404);
  }

  @Test
  void nobodyIsServedWithoutACredential() {
    given().get("/api/webhooks").then().statusCode(401);
    given().post("/api/webhooks/any/test").then().statusCode(401);
  }

  private ValidatableResponse get(Hook hook) {
    return owner.calls().get("/api/webhooks/" + hook.id()).then();
  }

  private ValidatableResponse change(Hook hook, String body) {
    return owner.calls().body(body.replace('\'', '"')).put("/api/webhooks/" + hook.id()).then();
  }

  private void refusedNew(String body, int status, String text) {
    owner
        .calls()
        .body(body.replace('\'', '"'))
        .post("/api/webhooks")
        .then()
        .statusCode(status)
        .body("error", equalTo(text));
  }
}
