package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.EventHeaders;
import dev.agentrelay.contracts.Topics;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.json.JSONException;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** What the gateway says on Kafka for the log of events. */
@QuarkusTest
class EventLogTest extends GatewayTest {
  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  private final String session = UUID.randomUUID().toString();

  @Test
  void storedEventsAreNumberedWithoutHolesAndPassingOnesLeftOut() throws Exception {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedWorker worker = worker(WorkerScript.standard().withSessionId(session));
    worker.sendEvent(Json.object("type", "message_update", "n", 1));
    worker.sendEvent(Json.object("type", "heartbeat", "active", true));
    worker.sendEvent(Json.object("type", "message_end", "n", 2));
    worker.sendEvent(Json.object("type", "tool_output", "text", "x".repeat(300_000)));
    worker.end();
    hub.await("session_removed", session);

    List<ConsumerRecord<String, byte[]>> log = readUntilEnd();

    assertThat(log).extracting(each -> header(each, EventHeaders.USER)).containsOnly(user);
    assertThat(log).extracting(each -> header(each, EventHeaders.EPOCH)).doesNotContain("");
    assertThat(log.stream().map(each -> header(each, EventHeaders.EPOCH)).distinct()).hasSize(1);
    assertThat(log)
        .extracting(each -> Long.parseLong(header(each, EventHeaders.NUMBER)))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, log.size()).boxed().toList());
    List<String> types = log.stream().map(each -> text(json(each), "type")).toList();
    assertThat(types)
        .doesNotContain("message_update", "heartbeat")
        .containsSubsequence("message_end", "tool_output", "session_ended");
    JSONObject large = json(log.get(types.indexOf("tool_output")));
    assertThat(large.optBoolean("_omitted")).isTrue();
    assertThat(large.has("text")).isFalse();
  }

  private List<ConsumerRecord<String, byte[]>> readUntilEnd() {
    List<ConsumerRecord<String, byte[]>> log = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka,
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topics.EVENTS));
      Instant end = Instant.now().plus(LIMIT.multipliedBy(3));
      while (Instant.now().isBefore(end)) {
        for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(200))) {
          if (session.equals(each.key())) {
            log.add(each);
            if (text(json(each), "type").equals("session_ended")) {
              return log;
            }
          }
        }
      }
    }
    return log;
  }

  private static String header(ConsumerRecord<String, byte[]> message, String name) {
    return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static JSONObject json(ConsumerRecord<String, byte[]> message) {
    try {
      return new JSONObject(new String(message.value(), StandardCharsets.UTF_8));
    } catch (JSONException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(JSONObject object, String member) {
    return object.optString(member);
  }
}
