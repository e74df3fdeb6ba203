package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.push.VapidHeader;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an operator gives counts: VAPID keys, here those of RFC 8291's example, and no ntfy server.
 */
@QuarkusTest
@TestProfile(GivenKeysTest.Given.class)
class GivenKeysTest extends PushTest {
  private static final String PUBLIC_KEY =
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

  /** The settings. */
  public static final class Given implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "relay.push.vapid.public-key",
          PUBLIC_KEY,
          "relay.push.vapid.private-key",
          "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
          "relay.push.vapid.subject",
          "mailto:operator@relay.example");
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(
          new TestResourceEntry(StoresTestResource.class),
          new TestResourceEntry(IdentityTestResource.class),
          new TestResourceEntry(
              PushTestResource.class, Map.of(PushTestResource.WITHOUT_NTFY, "true")));
    }
  }

  @Test
  void theGivenKeysSign() {
    caller().get("/api/push/vapid-public-key").then().body("publicKey", equalTo(PUBLIC_KEY));
    subscribe("browser-" + session, "*");
    say(new AgentNotice.Finished(about(null), "Done."));
    VapidHeader header = awaitPosted(0, "browser-" + session).vapid();
    assertThat(header.key()).isEqualTo(PUBLIC_KEY);
    assertThat(header.signed()).isTrue();
    assertThat(header.claims().getString("sub")).isEqualTo("mailto:operator@relay.example");
  }

  @Test
  void phonesAreToldThatThereIsNoServerForThem() {
    caller()
        .post("/api/push/register-native")
        .then()
        .statusCode(503)
        .body(
            "error",
            equalTo("Native push is not configured on this server (PIZZAPI_NTFY_URL unset)"));
    caller().post("/api/push/unregister-native").then().body("removed", equalTo(false));
    subscribe("browser-" + session, "*");
    say(new AgentNotice.Finished(about(null), "Done."));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].channel")).isEqualTo("web");
  }
}
