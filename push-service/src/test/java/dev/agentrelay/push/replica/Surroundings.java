package dev.agentrelay.push.replica;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.json.RelayJson;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.push.BrowserKeys;
import dev.agentrelay.testkit.push.ScriptedPushProvider;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** What replicas share: stores, a push provider, whoever knows callers, and a gateway. */
final class Surroundings implements AutoCloseable {
  private final IdentityTestResource identities = new IdentityTestResource();
  private final ScriptedPushProvider provider = ScriptedPushProvider.start();
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, String> settings = new HashMap<>();
  private final ScriptedGateway gateway;
  private final KafkaProducer<String, String> notices;
  private final Redis redis;

  Surroundings() {
    settings.putAll(new StoresTestResource().start());
    settings.putAll(identities.start());
    settings.put("relay.push.provider.private-hosts", "localhost");
    settings.put("relay.push.provider.certificates", provider.certificate().toString());
    settings.put("relay.push.provider.timeout", "5s");
    String kafka = String.valueOf(settings.get("kafka.bootstrap.servers"));
    gateway = ScriptedGateway.start(kafka);
    notices =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new StringSerializer(), new StringSerializer());
    redis = Redis.createClient(vertx, String.valueOf(settings.get("quarkus.redis.hosts")));
  }

  ReplicaProcess start(String name) {
    return ReplicaProcess.start(name, settings);
  }

  ScriptedPushProvider provider() {
    return provider;
  }

  ScriptedGateway gateway() {
    return gateway;
  }

  void subscribe(ReplicaProcess replica, UserId user, String path) {
    BrowserKeys keys = BrowserKeys.generate();
    replica
        .as(user)
        .body(
            Map.of(
                "endpoint",
                provider.endpoint(path),
                "keys",
                Map.of("p256dh", keys.p256dh(), "auth", keys.auth())))
        .post("/api/push/subscribe")
        .then()
        .statusCode(200);
  }

  /** A session that takes answers. */
  SessionId makeLive(UserId user) {
    SessionId session = new SessionId("session-" + UUID.randomUUID());
    redis
        .send(
            Request.cmd(Command.HSET)
                .arg(LiveKeys.session(session))
                .arg(SessionField.USER_ID.key())
                .arg(user.value())
                .arg(SessionField.REPLICA.key())
                .arg("replica-1")
                .arg(SessionField.COLLAB.key())
                .arg("1"))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return session;
  }

  /** An agent asks. */
  void ask(UserId user, SessionId session, String toolCallId) {
    About about =
        new About(
            UUID.randomUUID().toString(), session, user, Instant.now(), "billing", true, null);
    AgentNotice notice =
        new AgentNotice.Asked(about, toolCallId, 1, "Drop it?", List.of("yes", "no"));
    try {
      String text = RelayJson.mapper().writerFor(AgentNotice.class).writeValueAsString(notice);
      var unused = notices.send(new ProducerRecord<>(Topics.NOTICES, session.value(), text));
      notices.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    notices.close();
    gateway.close();
    redis.close();
    vertx.close();
    provider.close();
    identities.stop();
  }
}
