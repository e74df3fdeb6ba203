package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What owners see of their deliveries, and do with them. */
@QuarkusTest
class LedgerTest extends WebhookServiceTest {
  private static final String BODY = "{\"type\":\"deploy\",\"prompt\":\"theirs\"}";

  @Inject EntityManager database;

  @Test
  void aDeliveryCanBeFiredAgain() {
    Hook hook = owner.hook(Map.of());
    TestOwner.fire(hook, BODY).then().statusCode(200);
    Map<String, Object> first = owner.deliveries(hook).getFirst();
    String path = "/api/webhooks/" + hook.id() + "/deliveries/";

    String session =
        owner
            .calls()
            .post(path + first.get("id") + "/replay")
            .then()
            .statusCode(200)
            .extract()
            .path("sessionId");

    JSONObject payload =
        gateway.await("delivertrigger", session, LIMIT).trigger().optJSONObject("payload");
    assertThat(payload.optString("prompt")).isEqualTo("theirs");
    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("replayOf", first.get("id"))
        .containsEntry("verifiedBy", "replay");
    owner
        .calls()
        .post(path + "whd_none/replay")
        .then()
        .statusCode(404)
        .body("error", equalTo("Delivery not found"));
  }

  @Test
  void aDisabledWebhookFiresNothingAgain() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("none")));
    TestOwner.fire(hook, BODY).then().statusCode(200);
    owner.calls().body("{\"enabled\":false}").put("/api/webhooks/" + hook.id());

    owner
        .calls()
        .post(
            "/api/webhooks/"
                + hook.id()
                + "/deliveries/"
                + owner.deliveries(hook).getFirst().get("id")
                + "/replay")
        .then()
        .statusCode(409)
        .body("error", equalTo("Webhook is disabled"));
  }

  @Test
  void neitherSecretsNorSignaturesAreWrittenDown() {
    Hook hook = owner.hook(Map.of("source", "gitlab", "eventFilter", List.of("none")));
    byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
    String signature = TestOwner.hex(hook.secret(), "", body);
    TestOwner.fire(hook, body, "Authorization", "Basic c2VjcmV0").then().statusCode(200);
    TestOwner.send(hook, body, Map.of("X-Gitlab-Token", hook.secret())).then().statusCode(200);

    List<?> rows =
        database
            .createNativeQuery(
                "select to_jsonb(d)::text || convert_from(b.body, 'UTF8') from webhook.deliveries d"
                    + " join webhook.bodies b on b.delivery_id = d.id where d.webhook_id = :id")
            .setParameter("id", hook.id())
            .getResultList();

    assertThat(rows).hasSize(2);
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat(String.valueOf(row))
                    .contains("theirs")
                    .doesNotContain(hook.secret(), signature, "c2VjcmV0"));
  }

  @Test
  void aSampleGoesTheWholeWay() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("build")));

    owner.calls().post("/api/webhooks/" + hook.id() + "/test").then().statusCode(200);

    assertThat(owner.deliveries(hook).getFirst())
        .containsEntry("verifiedBy", "stamped")
        .containsEntry("eventType", "build")
        .containsEntry("state", "delivered");
  }

  @Test
  void theLedgerIsReadPageByPage() {
    Hook hook = owner.hook(Map.of("eventFilter", List.of("none")));
    for (int i = 0; i < 5; i++) {
      TestOwner.fire(hook, "{\"type\":\"t" + i + "\"}").then().statusCode(200);
    }

    JsonPath page = page(hook, "?limit=2");
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t4", "t3"));
    page = page(hook, "?limit=2&cursor=" + page.getString("nextCursor"));
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t2", "t1"));
    page = page(hook, "?limit=2&cursor=" + page.getString("nextCursor"));
    assertThat(page.getList("deliveries.eventType")).isEqualTo(List.of("t0"));
    assertThat(page.<Object>get("nextCursor")).isNull();
    assertThat(page(hook, "?limit=x&cursor=-").getList("deliveries")).hasSize(5);
  }

  private JsonPath page(Hook hook, String query) {
    return owner
        .calls()
        .get("/api/webhooks/" + hook.id() + "/deliveries" + query)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }
}
