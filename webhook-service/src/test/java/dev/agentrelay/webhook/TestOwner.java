package dev.agentrelay.webhook;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrelay.contracts.RunnerEvent;
import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.testkit.identity.TestingIdentities;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A user of their own for a test, with a runner and with webhooks that senders fire. */
public final class TestOwner {
  private final Redis redis;
  private final UserId user = new UserId("user-" + UUID.randomUUID());
  private final RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());

  public TestOwner(Redis redis) {
    this.redis = redis;
  }

  /**
   * A webhook as a sender knows it.
   *
   * @param base where it is fired; empty for the replica of the test
   */
  public record Hook(String id, String secret, String base) {
    public Hook(String id, String secret) {
      this(id, secret, "");
    }

    /** The same webhook, fired at another replica. */
    public Hook at(int port) {
      return new Hook(id, secret, "http://127.0.0.1:" + port);
    }

    public String firePath() {
      return base + "/api/webhooks/" + id + "/fire";
    }
  }

  public UserId user() {
    return user;
  }

  public RunnerId runner() {
    return runner;
  }

  /** The runner's record, as the gateway writes it. */
  public TestOwner runnerIsHere() {
    redis(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(runner))
            .arg(RunnerField.USER_ID.key())
            .arg(user.value())
            .arg(RunnerField.NAME.key())
            .arg("box"));
    return this;
  }

  public void runnerIsGone() {
    redis(Request.cmd(Command.DEL).arg(LiveKeys.runner(runner)));
  }

  /** Says so on Kafka, as the gateway does. */
  public void sayRunnerIsBack(String kafka) {
    RunnerEvent event = new RunnerEvent.Connected(runner, user, Instant.now(), "box");
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer())) {
      String text = RelayJson.mapper().writerFor(RunnerEvent.class).writeValueAsString(event);
      producer.send(new ProducerRecord<>(Topics.RUNNERS, runner.value(), text)).get();
    } catch (JsonProcessingException | ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same id registered by another user. */
  public void runnerIsTaken() {
    redis(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(runner))
            .arg(RunnerField.USER_ID.key())
            .arg("somebody-else"));
  }

  private void redis(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  /** A request in the owner's name. */
  public RequestSpecification calls() {
    return given()
        .header("x-api-key", TestingIdentities.apiKey(user))
        .contentType("application/json");
  }

  /** A webhook of the runner, with more members than these if wanted. */
  public Hook hook(Map<String, ?> more) {
    Map<String, Object> body = new HashMap<>();
    body.put("name", "Deploys");
    body.put("source", "custom");
    body.put("runnerId", runner.value());
    body.putAll(more);
    body.values().removeIf("-"::equals);
    JsonPath made =
        calls().body(body).post("/api/webhooks").then().statusCode(201).extract().jsonPath();
    return new Hook(made.getString("webhook.id"), made.getString("webhook.secret"));
  }

  /** Fires with the plain signature. */
  public static Response fire(Hook hook, String body, String... headers) {
    return fire(hook, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Fires with the plain signature. */
  public static Response fire(Hook hook, byte[] body, String... headers) {
    return send(hook, body, with(headers, "X-Webhook-Signature", hex(hook.secret(), "", body)));
  }

  /** Sends what is given, with the headers that are given and no others. */
  public static Response send(Hook hook, byte[] body, Map<String, String> headers) {
    return raw().headers(headers).body(body).post(hook.firePath());
  }

  /** No charset is added to content types, so that bytes go out as they are. */
  private static RequestSpecification raw() {
    return given()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)));
  }

  public static Map<String, String> with(String[] headers, String... more) {
    Map<String, String> all = new HashMap<>();
    List.of(headers, more)
        .forEach(
            pairs -> {
              for (int i = 0; i < pairs.length; i += 2) {
                all.put(pairs[i], pairs[i + 1]);
              }
            });
    return all;
  }

  /** The newest deliveries of a webhook, as its owner sees them. */
  public List<Map<String, Object>> deliveries(Hook hook) {
    return calls()
        .get("/api/webhooks/" + hook.id() + "/deliveries")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("deliveries");
  }

  /** The headers of a stamped signature that is made now. */
  public static Map<String, String> stamped(Hook hook, String nonce, byte[] body) {
    String now = Instant.now().toString();
    return Map.of(
        "X-Webhook-Signature",
        hex(hook.secret(), now + "." + nonce + ".", body),
        "X-Webhook-Timestamp",
        now,
        "X-Webhook-Nonce",
        nonce);
  }

  /** Lower-case hexadecimal HMAC-SHA256, as a sender makes it. */
  public static String hex(String secret, String prefix, byte[] body) {
    return hex(secret.getBytes(StandardCharsets.UTF_8), prefix, body);
  }

  /** The same with a key that is no text. */
  public static String hex(byte[] key, String prefix, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(prefix.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
