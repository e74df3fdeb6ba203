package dev.agentrelay.webhook.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.webhook.secret.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures of every convention, at a time that the test says. */
class SchemeTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String SECRET = SigningSecret.random();
  private static final SigningKeys KEYS = new SigningKeys(List.of(SECRET), List.of());
  private static final String BODY = "{\"type\":\"deploy\",\"id\":\"evt_1\"}";
  private static final RelayScheme RELAY = new RelayScheme();
  private static final Scheme STANDARD = Scheme.of(SchemeName.STANDARD);

  @Test
  void thePlainSignatureIsLowerCaseHexOverTheBody() {
    String signature = Hmac.hex(SECRET, "", bytes(BODY));

    assertThat(RELAY.verify(relay(signature), KEYS, NOW)).isEqualTo(new Proof("plain", null));
    refused(RELAY, relay(signature.toUpperCase(Locale.ROOT)), "Invalid signature");
    refused(RELAY, relay(signature.substring(0, 63)), "Invalid signature");
    refused(RELAY, relay("sha256=" + signature), "Invalid signature");
    refused(RELAY, request(BODY + " ", "x-webhook-signature", signature), "Invalid signature");
    refused(RELAY, relay(Hmac.hex(SigningSecret.random(), "", bytes(BODY))), "Invalid signature");
    refused(RELAY, request(BODY), "Missing X-Webhook-Signature header");
  }

  @Test
  void aStampedSignatureIsYoungAndFromNoFastClock() {
    assertThat(RELAY.verify(stamped("2026-03-01T12:00:00Z"), KEYS, NOW))
        .isEqualTo(new Proof("stamped", "n-1"));
    for (String good :
        List.of(
            "2026-03-01T12:00:30Z",
            "2026-03-01T11:55:00.000Z",
            "2026-03-01T13:00:00+01:00",
            "Sun, 01 Mar 2026 12:00:00 GMT")) {
      assertThat(RELAY.verify(stamped(good), KEYS, NOW).nonce()).as(good).isEqualTo("n-1");
    }
    refused(RELAY, stamped("2026-03-01T12:00:31Z"), "Webhook timestamp is in the future");
    refused(RELAY, stamped("2026-03-01T11:54:59Z"), "Webhook timestamp is too old");
    for (String none : List.of("1772366400", "1772366400000", "soon", "2026-13-01T00:00:00Z")) {
      refused(RELAY, stamped(none), "Invalid X-Webhook-Timestamp header");
    }
  }

  @Test
  void aStampWithoutAllItsHeadersIsPlain() {
    String plain = Hmac.hex(SECRET, "", bytes(BODY));
    SignedRequest noNonce =
        request(BODY, "x-webhook-signature", plain, "x-webhook-timestamp", "2000-01-01T00:00:00Z");
    SignedRequest emptyTime =
        request(
            BODY, "x-webhook-signature", plain, "x-webhook-timestamp", "", "x-webhook-nonce", "n");
    SignedRequest blankNonce =
        request(
            BODY,
            "x-webhook-signature",
            plain,
            "x-webhook-timestamp",
            "2026-03-01T12:00:00Z",
            "x-webhook-nonce",
            " ");

    assertThat(RELAY.verify(noNonce, KEYS, NOW).verifiedBy()).isEqualTo("plain");
    assertThat(RELAY.verify(emptyTime, KEYS, NOW).verifiedBy()).isEqualTo("plain");
    refused(RELAY, blankNonce, "Missing X-Webhook-Nonce header");
  }

  @Test
  void anOldSecretCountsWhileItIsAmongTheKeys() {
    String old = SigningSecret.random();
    SignedRequest request = relay(Hmac.hex(old, "", bytes(BODY)));

    refused(RELAY, request, "Invalid signature");
    assertThat(RELAY.verify(request, new SigningKeys(List.of(SECRET, old), List.of()), NOW))
        .isEqualTo(new Proof("plain", null));
  }

  /** The example that the Standard Webhooks libraries test themselves with. */
  @Test
  void theStandardWebhooksVectorIsAccepted() {
    SigningKeys keys =
        new SigningKeys(List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), List.of());
    Instant then = Instant.ofEpochSecond(1_614_265_330);
    String good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    assertThat(STANDARD.verify(standard(good), keys, then).verifiedBy()).isEqualTo("standard");
    assertThat(
            STANDARD
                .verify(standard("v1,AAAA v1a,BBBB " + good), keys, then.plusSeconds(300))
                .verifiedBy())
        .isEqualTo("standard");
    assertThat(STANDARD.deliveryId(standard(good), json("{}")))
        .isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
    refusedAt(
        STANDARD, standard(good), keys, then.plusSeconds(301), "Webhook timestamp is too old");
    refusedAt(
        STANDARD,
        standard(good),
        keys,
        then.minusSeconds(301),
        "Webhook timestamp is in the future");
    refusedAt(STANDARD, standard(good.replace("v1,", "v2,")), keys, then, "Invalid signature");
    refusedAt(STANDARD, standard(good.replace("g0hM", "h0hM")), keys, then, "Invalid signature");
    refusedAt(
        STANDARD,
        request("{}", "webhook-signature", good, "webhook-timestamp", "1614265330"),
        keys,
        then,
        "Missing webhook-id header");
  }

  @Test
  void aSendersSecretThatIsNoBase64DoesNotSpoilTheOwn() {
    List<String> own = List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    Instant then = Instant.ofEpochSecond(1_614_265_330);
    SignedRequest request = standard("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    assertThat(
            STANDARD
                .verify(request, new SigningKeys(own, List.of("no base64!")), then)
                .verifiedBy())
        .isEqualTo("standard");
    refusedAt(
        STANDARD,
        request,
        new SigningKeys(List.of(), List.of("no base64!")),
        then,
        "Invalid signature");
  }

  @Test
  void gitHubSignsTheBodyAndNamesEventAndDelivery() {
    Scheme github = Scheme.of(SchemeName.GITHUB);
    SignedRequest request =
        request(
            BODY,
            "x-hub-signature-256",
            "sha256=" + Hmac.hex(SECRET, "", bytes(BODY)),
            "x-github-event",
            "push",
            "x-github-delivery",
            "d-1");

    assertThat(github.verify(request, KEYS, NOW).verifiedBy()).isEqualTo("github");
    assertThat(github.eventType(request, json(BODY))).isEqualTo("push");
    assertThat(github.deliveryId(request, json(BODY))).isEqualTo("d-1");
    refused(
        github,
        request(BODY, "x-hub-signature-256", Hmac.hex(SECRET, "", bytes(BODY))),
        "Invalid signature");
  }

  @Test
  void gitLabShowsTheToken() {
    Scheme gitlab = Scheme.of(SchemeName.GITLAB);
    SignedRequest request =
        request(
            BODY, "x-gitlab-token", SECRET, "x-gitlab-event", "Push Hook", "idempotency-key", "k");

    assertThat(gitlab.verify(request, KEYS, NOW).verifiedBy()).isEqualTo("gitlab");
    assertThat(gitlab.eventType(request, json(BODY))).isEqualTo("Push Hook");
    assertThat(gitlab.deliveryId(request, json(BODY))).isEqualTo("k");
    refused(gitlab, request(BODY, "x-gitlab-token", SECRET + "x"), "Invalid signature");
  }

  @Test
  void slackSignsTimeAndBodyWithTheSecretThatItMadeUp() {
    Scheme slack = Scheme.of(SchemeName.SLACK);
    SigningKeys keys = new SigningKeys(List.of(SECRET), List.of("slack-made-this"));
    String body =
        "{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event\":{\"type\":\"app_mention\"}}";
    String time = String.valueOf(NOW.getEpochSecond());
    SignedRequest request =
        request(
            body,
            "x-slack-signature",
            "v0=" + Hmac.hex("slack-made-this", "v0:" + time + ":", bytes(body)),
            "x-slack-request-timestamp",
            time);

    assertThat(slack.verify(request, keys, NOW).verifiedBy()).isEqualTo("slack");
    assertThat(slack.eventType(request, json(body))).isEqualTo("app_mention");
    assertThat(slack.deliveryId(request, json(body))).isEqualTo("Ev1");
    assertThat(slack.challenge(json("{\"type\":\"url_verification\",\"challenge\":\"c\"}")))
        .contains("c");
    refusedAt(slack, request, keys, NOW.plusSeconds(301), "Webhook timestamp is too old");
    refused(slack, request, "Invalid signature");
  }

  @Test
  void stripeSignsTimeAndBodyInOneHeader() {
    Scheme stripe = Scheme.of(SchemeName.STRIPE);
    String time = String.valueOf(NOW.getEpochSecond());
    String signature = Hmac.hex(SECRET, time + ".", bytes(BODY));
    SignedRequest request =
        request(BODY, "stripe-signature", "t=" + time + ",v1=00,v1=" + signature + ",v0=11");

    assertThat(stripe.verify(request, KEYS, NOW).verifiedBy()).isEqualTo("stripe");
    assertThat(stripe.eventType(request, json(BODY))).isEqualTo("deploy");
    assertThat(stripe.deliveryId(request, json(BODY))).isEqualTo("evt_1");
    refusedAt(stripe, request, KEYS, NOW.plusSeconds(301), "Webhook timestamp is too old");
    refused(
        stripe,
        request(BODY, "stripe-signature", "t=" + time + ",v0=" + signature),
        "Invalid signature");
    refused(stripe, request(BODY, "stripe-signature", "v1=" + signature), "Invalid signature");
  }

  @Test
  void theSourceNamesTheConvention() {
    assertThat(SchemeName.ofSource("GitHub")).isEqualTo(SchemeName.GITHUB);
    assertThat(SchemeName.ofSource("custom")).isEqualTo(SchemeName.STANDARD);
  }

  private static SignedRequest standard(String signature) {
    return request(
        "{\"test\": 2432232314}",
        "webhook-id",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp",
        "1614265330",
        "webhook-signature",
        signature);
  }

  private static SignedRequest relay(String signature) {
    return request(BODY, "x-webhook-signature", signature);
  }

  private static SignedRequest stamped(String timestamp) {
    return request(
        BODY,
        "x-webhook-signature",
        RelayScheme.sign(SECRET, timestamp, "n-1", bytes(BODY)),
        "x-webhook-timestamp",
        timestamp,
        "x-webhook-nonce",
        " n-1 ");
  }

  private static SignedRequest request(String body, String... headers) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      map.put(headers[i], headers[i + 1]);
    }
    return new SignedRequest(map, bytes(body));
  }

  private static void refused(Scheme scheme, SignedRequest request, String text) {
    refusedAt(scheme, request, KEYS, NOW, text);
  }

  private static void refusedAt(
      Scheme scheme, SignedRequest request, SigningKeys keys, Instant now, String text) {
    assertThatThrownBy(() -> scheme.verify(request, keys, now))
        .isInstanceOf(SignatureRefused.class)
        .hasMessage(text);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
