package dev.agentrelay.webhook.fire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What senders get wrong, over HTTP, at a webhook whose filter lets nothing through. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
class BadInputTest {
  private static final byte[] BODY = bytes("{\"type\":\"deploy\"}");
  private static final String SIGNATURE = "X-Webhook-Signature";

  @Inject Redis redis;

  @TestHTTPResource URI server;

  private TestOwner owner;
  private Hook hook;

  @BeforeEach
  void makeHook() {
    owner = new TestOwner(redis).runnerIsHere();
    hook = filtering("custom");
  }

  @Test
  void signaturesThatDoNotFitAreRefused() {
    String good = TestOwner.hex(hook.secret(), "", BODY);
    Hook other = filtering("custom");

    refused(BODY, Map.of(), 401, "Missing X-Webhook-Signature header");
    refused(BODY, Map.of(SIGNATURE, good.toUpperCase(Locale.ROOT)), 401, "Invalid signature");
    refused(BODY, Map.of(SIGNATURE, good.substring(1)), 401, "Invalid signature");
    refused(BODY, Map.of(SIGNATURE, "sha256=" + good), 401, "Invalid signature");
    refused(
        BODY, Map.of(SIGNATURE, TestOwner.hex(other.secret(), "", BODY)), 401, "Invalid signature");
    byte[] changed = BODY.clone();
    changed[changed.length - 3]++;
    refused(changed, Map.of(SIGNATURE, good), 401, "Invalid signature");
    refused(
        BODY,
        Map.of("X-Hub-Signature-256", "sha256=" + good),
        401,
        "Missing X-Webhook-Signature header");
    assertThat(owner.deliveries(hook)).isEmpty();
    TestOwner.send(hook, BODY, Map.of(SIGNATURE, good)).then().statusCode(200);
  }

  @Test
  void unknownAndDisabledWebhooksAreNotThere() {
    Hook unknown = new Hook("wh_" + UUID.randomUUID(), hook.secret());
    TestOwner.send(unknown, BODY, Map.of())
        .then()
        .statusCode(404)
        .body("error", equalTo("Webhook not found"));
    owner.calls().body("{\"enabled\":false}").put("/api/webhooks/" + hook.id());
    refused(BODY, Map.of(), 404, "Webhook not found");
    owner
        .calls()
        .post("/api/webhooks/" + hook.id() + "/test")
        .then()
        .statusCode(409)
        .body("error", equalTo("Webhook is disabled"));
  }

  @Test
  void bytesAreVerifiedAsTheyCame() {
    byte[] marked = bytes("\uFEFF{\"type\":\"deploy\"}");
    byte[] invalid = bytes("{\"type\":\"deploy\",\"x\":\"?\"}");
    invalid[invalid.length - 3] = (byte) 0xFF;

    TestOwner.fire(hook, marked).then().statusCode(200);
    TestOwner.fire(hook, invalid).then().statusCode(200);
    assertThat(owner.deliveries(hook))
        .allMatch(delivery -> "deploy".equals(delivery.get("eventType")));
  }

  @Test
  void bodiesThatAreNoJsonObjectAreRefused() throws IOException {
    for (String body : List.of("", "null", "[]", "7", "\"text\"", "{", "{\"a\":01}")) {
      TestOwner.fire(hook, body).then().statusCode(400).body("error", equalTo("Invalid JSON body"));
    }
    TestOwner.fire(hook, gzip(BODY), "Content-Encoding", "gzip").then().statusCode(400);
    TestOwner.fire(hook, "[".repeat(5_000)).then().statusCode(400);
  }

  @Test
  void aBodyOverOneMebibyteIsRefused() {
    byte[] largest = new byte[1_048_576];
    Arrays.fill(largest, (byte) ' ');
    System.arraycopy(BODY, 0, largest, 0, BODY.length);
    TestOwner.fire(hook, largest).then().statusCode(200);

    TestOwner.fire(hook, Arrays.copyOf(largest, largest.length + 1))
        .then()
        .statusCode(413)
        .body("error", equalTo("Payload Too Large: body exceeds 1048576 bytes"));
  }

  @Test
  void theContentTypeDoesNotMatter() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest untyped =
          HttpRequest.newBuilder(server.resolve(hook.firePath()))
              .header(SIGNATURE, TestOwner.hex(hook.secret(), "", BODY))
              .timeout(Duration.ofSeconds(20))
              .POST(HttpRequest.BodyPublishers.ofByteArray(BODY))
              .build();
      for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
        HttpRequest typed =
            HttpRequest.newBuilder(untyped, (name, value) -> true)
                .header("Content-Type", type)
                .build();
        assertThat(client.send(typed, HttpResponse.BodyHandlers.discarding()).statusCode())
            .as(type)
            .isEqualTo(200);
      }
      assertThat(client.send(untyped, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void timesOutOfBoundsAreRefused() {
    Instant now = Instant.now();

    refusedAt(now.plusSeconds(40).toString(), "Webhook timestamp is in the future");
    refusedAt(now.minusSeconds(301).toString(), "Webhook timestamp is too old");
    refusedAt(String.valueOf(now.getEpochSecond()), "Invalid X-Webhook-Timestamp header");
    TestOwner.send(hook, BODY, stamped(now.toString(), "n")).then().statusCode(200);
  }

  @Test
  void aNonceIsUsedOnceAndOnlyByWhoeverCanSign() {
    String now = Instant.now().toString();
    String nonce = UUID.randomUUID().toString();
    Map<String, String> unsigned =
        Map.of(SIGNATURE, "00", "X-Webhook-Timestamp", now, "X-Webhook-Nonce", nonce);

    refused(BODY, unsigned, 401, "Invalid signature");
    TestOwner.send(hook, BODY, stamped(now, nonce)).then().statusCode(200);
    refused(BODY, stamped(now, nonce), 409, "Webhook nonce has already been used");
    refused(BODY, stamped(now, " " + nonce), 409, "Webhook nonce has already been used");
    refused(BODY, unsigned, 401, "Invalid signature");
    Hook other = filtering("custom");
    TestOwner.send(other, BODY, stamped(other, now, nonce)).then().statusCode(200);
  }

  @Test
  void whatIsWrongFirstInTheContractsOrderIsSaid() {
    String old = Instant.now().minusSeconds(400).toString();
    String now = Instant.now().toString();
    byte[] noJson = bytes("{");
    Map<String, String> signed = TestOwner.stamped(hook, "n", noJson);

    refused(
        noJson,
        Map.of("X-Webhook-Timestamp", old, "X-Webhook-Nonce", "n"),
        401,
        "Missing X-Webhook-Signature header");
    refused(
        noJson,
        Map.of(SIGNATURE, "00", "X-Webhook-Timestamp", old, "X-Webhook-Nonce", "n"),
        401,
        "Webhook timestamp is too old");
    refused(
        noJson,
        Map.of(SIGNATURE, "00", "X-Webhook-Timestamp", now, "X-Webhook-Nonce", "n"),
        401,
        "Invalid signature");
    refused(noJson, signed, 400, "Invalid JSON body");
    refused(noJson, signed, 409, "Webhook nonce has already been used");
    Hook noRunner = owner.hook(Map.of("runnerId", "-", "eventFilter", List.of("build")));
    TestOwner.fire(noRunner, BODY).then().statusCode(200).body("filtered", equalTo(true));
    TestOwner.fire(noRunner, "{\"type\":\"build\"}").then().statusCode(500);
  }

  @Test
  void oddTextsInWhatIsSentAreKept() {
    TestOwner.fire(hook, "{\"type\":\"a\\u0000b\"}").then().statusCode(200);
    TestOwner.fire(hook, "{\"type\":\"" + "x".repeat(5_000) + "\"}").then().statusCode(200);
    TestOwner.fire(hook, "{\"type\":{\"a\":1}}").then().statusCode(200);
    TestOwner.fire(hook, BODY, "Idempotency-Key", "k".repeat(300)).then().statusCode(400);
    assertThat(owner.deliveries(hook)).hasSize(3);
  }

  private Hook filtering(String source) {
    return owner.hook(Map.of("source", source, "eventFilter", List.of("no such type")));
  }

  private Map<String, String> stamped(String timestamp, String nonce) {
    return stamped(hook, timestamp, nonce);
  }

  private static Map<String, String> stamped(Hook hook, String timestamp, String nonce) {
    String prefix = timestamp + "." + nonce.strip() + ".";
    return Map.of(
        SIGNATURE,
        TestOwner.hex(hook.secret(), prefix, BODY),
        "X-Webhook-Timestamp",
        timestamp,
        "X-Webhook-Nonce",
        nonce);
  }

  private void refusedAt(String timestamp, String text) {
    refused(BODY, stamped(timestamp, "n"), 401, text);
  }

  private void refused(byte[] body, Map<String, String> headers, int status, String text) {
    TestOwner.send(hook, body, headers).then().statusCode(status).body("error", equalTo(text));
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(body);
    }
    return packed.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
