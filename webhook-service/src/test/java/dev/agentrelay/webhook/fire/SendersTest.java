package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Senders with conventions of their own, over HTTP, at webhooks that let nothing through. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class SendersTest {
  private static final byte[] BODY = bytes("{\"type\":\"deploy\",\"id\":\"evt_1\"}");

  @Inject Redis redis;

  private final String now = String.valueOf(Instant.now().getEpochSecond());
  private TestOwner owner;

  @BeforeEach
  void makeOwner() {
    owner = new TestOwner(redis).runnerIsHere();
  }

  @Test
  void theSourceDecidesWhoseSignaturesCountBesideOurs() {
    Hook github = filtering(Map.of("source", "GitHub"));
    Map<String, String> headers = gitHub(github, "d-" + UUID.randomUUID());

    takenOnce(github, headers, "github push");
    TestOwner.fire(github, BODY).then().statusCode(200);
    assertThat(owner.deliveries(github))
        .extracting(delivery -> delivery.get("verifiedBy") + " " + delivery.get("eventType"))
        .containsExactly("plain deploy", "github push");

    owner.calls().body("{\"signatureScheme\":\"gitlab\"}").put("/api/webhooks/" + github.id());
    TestOwner.send(github, BODY, headers).then().statusCode(401);
    Map<String, String> token =
        Map.of("X-Gitlab-Token", github.secret(), "X-Gitlab-Event", "Push Hook");
    TestOwner.send(github, BODY, token).then().statusCode(200);
    assertThat(owner.deliveries(github).getFirst())
        .containsEntry("verifiedBy", "gitlab")
        .containsEntry("eventType", "Push Hook");
  }

  @Test
  void aSenderWithoutAConventionOfItsOwnMaySignTheStandardWay() {
    Hook hook = filtering(Map.of("source", "ci"));
    byte[] key = Base64.getDecoder().decode(hook.secret().substring("whsec_".length()));
    String signature =
        Base64.getEncoder()
            .encodeToString(
                HexFormat.of().parseHex(TestOwner.hex(key, "msg_1." + now + ".", BODY)));
    Map<String, String> headers =
        Map.of(
            "webhook-id",
            "msg_1",
            "webhook-timestamp",
            now,
            "webhook-signature",
            "v1,AAAA v1," + signature);

    takenOnce(hook, headers, "standard deploy");
    TestOwner.send(hook, bytes("{}"), headers)
        .then()
        .statusCode(401)
        .body("error", equalTo("Invalid signature"));
  }

  @Test
  void stripeSignsWithTheSecretThatItMadeUp() {
    Hook hook = filtering(Map.of("source", "stripe", "senderSecret", "whsec_stripe-made-this"));
    String signature = TestOwner.hex("whsec_stripe-made-this", now + ".", BODY);

    takenOnce(hook, Map.of("Stripe-Signature", "t=" + now + ",v1=" + signature), "stripe deploy");
  }

  @Test
  void slackIsToldThatSomebodyIsHere() {
    Hook slack = filtering(Map.of("source", "slack", "senderSecret", "slack-made-this"));
    byte[] challenge = bytes("{\"type\":\"url_verification\",\"challenge\":\"c-1\"}");
    byte[] mention =
        bytes(
            "{\"type\":\"event_callback\",\"event_id\":\"Ev1\","
                + "\"event\":{\"type\":\"app_mention\"}}");

    TestOwner.send(slack, challenge, slack("slack-made-this", challenge))
        .then()
        .statusCode(200)
        .body("challenge", equalTo("c-1"));
    TestOwner.send(slack, challenge, slack("another", challenge)).then().statusCode(401);
    assertThat(owner.deliveries(slack)).isEmpty();
    TestOwner.send(slack, mention, slack("slack-made-this", mention)).then().statusCode(200);
    assertThat(owner.deliveries(slack).getFirst())
        .containsEntry("verifiedBy", "slack")
        .containsEntry("eventType", "app_mention")
        .containsEntry("senderId", "Ev1");
  }

  @Test
  void whoeverNamesNoDeliveryMayGiveAKeyAndAnEmptyNameIsNone() {
    Hook github = filtering(Map.of("source", "github"));
    Map<String, String> keyed = new HashMap<>(gitHub(github, ""));
    keyed.put("Idempotency-Key", "k-1");
    takenOnce(github, keyed, "github push");
    assertThat(owner.deliveries(github).getFirst()).containsEntry("senderId", "k-1");

    Hook stripe = filtering(Map.of("source", "stripe", "senderSecret", "whsec_theirs"));
    byte[] unnamed = bytes("{\"type\":\"deploy\",\"id\":\"\"}");
    String signature = TestOwner.hex("whsec_theirs", now + ".", unnamed);
    for (int time = 0; time < 2; time++) {
      TestOwner.send(stripe, unnamed, Map.of("Stripe-Signature", "t=" + now + ",v1=" + signature))
          .then()
          .statusCode(200);
    }
    assertThat(owner.deliveries(stripe)).hasSize(2);
  }

  @Test
  void anOwnersNonceAndASendersIdGoTogether() {
    Hook hook = filtering(Map.of());
    Map<String, String> headers = new HashMap<>(TestOwner.stamped(hook, "n-1", BODY));
    headers.put("Idempotency-Key", "k");
    TestOwner.send(hook, BODY, headers).then().statusCode(200);

    TestOwner.send(hook, BODY, headers).then().statusCode(409);
    headers.putAll(TestOwner.stamped(hook, "n-2", BODY));
    TestOwner.send(hook, BODY, headers)
        .then()
        .statusCode(200)
        .header("Idempotent-Replayed", "true");
    assertThat(owner.deliveries(hook)).hasSize(1);
  }

  /** The second copy of a delivery is told what the first was, and stands nowhere. */
  private void takenOnce(Hook hook, Map<String, String> headers, String how) {
    TestOwner.send(hook, BODY, headers).then().statusCode(200).body("filtered", equalTo(true));
    TestOwner.send(hook, BODY, headers)
        .then()
        .statusCode(200)
        .header("Idempotent-Replayed", "true");
    assertThat(owner.deliveries(hook))
        .extracting(delivery -> delivery.get("verifiedBy") + " " + delivery.get("eventType"))
        .containsExactly(how);
  }

  private Hook filtering(Map<String, ?> more) {
    Map<String, Object> members = new HashMap<>(more);
    members.put("eventFilter", List.of("no such type"));
    return owner.hook(members);
  }

  private static Map<String, String> gitHub(Hook hook, String delivery) {
    return Map.of(
        "X-Hub-Signature-256",
        "sha256=" + TestOwner.hex(hook.secret(), "", BODY),
        "X-GitHub-Event",
        "push",
        "X-GitHub-Delivery",
        delivery);
  }

  private Map<String, String> slack(String secret, byte[] body) {
    return Map.of(
        "X-Slack-Request-Timestamp",
        now,
        "X-Slack-Signature",
        "v0=" + TestOwner.hex(secret, "v0:" + now + ":", body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
