package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What owners see of their deliveries, and do with them. */
@QuarkusTest
class LedgerTest extends WebhookServiceTest {
  private static final String BODY = "{\"type\":\"deploy\",\"prompt\":\"theirs\"}";

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
