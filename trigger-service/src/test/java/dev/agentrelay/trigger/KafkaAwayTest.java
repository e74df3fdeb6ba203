package dev.agentrelay.trigger;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.KafkaStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Without Kafka nothing is delivered, nothing is lost and nobody is told otherwise. */
@QuarkusTest
@QuarkusTestResource(value = KafkaAwayTest.OwnKafka.class, restrictToAnnotatedClass = true)
class KafkaAwayTest extends TriggerServiceTest {
  private static final String PROCESS = "kafka-away-test.kafka";
  private static final String HELLO = "{\"type\":\"ci:done\",\"payload\":{}}";

  /** A Kafka that this test may kill. */
  public static final class OwnKafka implements QuarkusTestResourceLifecycleManager {
    private @Nullable KafkaStore store;

    /** After the shared stores, so that these settings win. */
    @Override
    public int order() {
      return 1;
    }

    @Override
    public Map<String, String> start() {
      try {
        store = KafkaStore.start(Files.createTempDirectory("agent-relay-kafka"), FreePorts.next());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Map.of(
          "kafka.bootstrap.servers", store.url(), PROCESS, String.valueOf(store.process().pid()));
    }

    @Override
    public void stop() {
      if (store != null) {
        store.close();
      }
    }
  }

  @Test
  void aDeliveryIsAnswered503AndAChangeIsKept() {
    String trigger = "/api/sessions/" + session + "/trigger";
    asUser().body(HELLO).post(trigger).then().statusCode(200);

    kill();

    expectUnavailable(asUser().body(HELLO).post(trigger));
    asUser()
        .body("{\"triggerType\":\"ci:done\"}")
        .post("/api/sessions/" + session + "/trigger-subscriptions")
        .then()
        .statusCode(200);
    expectUnavailable(asUser().body(HELLO).post("/api/runners/" + runner + "/trigger-broadcast"));
    expectUnavailable(
        asUser()
            .body(
                "{\"type\":\"a:b\",\"payload\":{},\"fireId\":\"k\",\"target\":{\"sessionId\":\""
                    + session
                    + "\"}}")
            .post("/api/events"));
    asUser().get("/api/sessions/" + session + "/triggers").then().body("triggers", hasSize(1));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }

  private static void kill() {
    long pid = ConfigProvider.getConfig().getValue(PROCESS, Long.class);
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
