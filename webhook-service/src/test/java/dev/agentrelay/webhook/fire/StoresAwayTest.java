package dev.agentrelay.webhook.fire;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.RedisStore;
import dev.agentrelay.testkit.stores.Store;
import dev.agentrelay.webhook.TestOwner;
import dev.agentrelay.webhook.TestOwner.Hook;
import dev.agentrelay.webhook.WebhookServiceTest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached loses nothing that was accepted, and never says "not found". */
@QuarkusTest
@QuarkusTestResource(value = StoresAwayTest.OwnStores.class, restrictToAnnotatedClass = true)
class StoresAwayTest extends WebhookServiceTest {
  private static final String REDIS_PROCESS = "webhook-stores-away-test.redis";
  private static final String POSTGRES_PROCESS = "webhook-stores-away-test.postgres";
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

  /** A Postgres and a Redis that this test may kill. */
  public static final class OwnStores implements QuarkusTestResourceLifecycleManager {
    private final List<Store> stores = new ArrayList<>();

    /** After the shared stores, so that these settings win. */
    @Override
    public int order() {
      return 1;
    }

    @Override
    public Map<String, String> start() {
      PostgresStore postgres = PostgresStore.start(folder("postgres"), FreePorts.next());
      RedisStore own = RedisStore.start(folder("redis"), FreePorts.next());
      stores.addAll(List.of(own, postgres));
      return Map.of(
          "quarkus.datasource.jdbc.url",
          postgres.url(),
          "quarkus.datasource.username",
          PostgresStore.USERNAME,
          "quarkus.datasource.password",
          postgres.password(),
          "quarkus.redis.hosts",
          own.url(),
          POSTGRES_PROCESS,
          String.valueOf(postgres.process().pid()),
          REDIS_PROCESS,
          String.valueOf(own.process().pid()));
    }

    @Override
    public void stop() {
      stores.forEach(Store::close);
    }

    private static Path folder(String name) {
      try {
        return Files.createTempDirectory("agent-relay-" + name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aStoreThatIsAwayIsAnswered503AndAQueueGoesOnWithoutRedis() {
    Hook rejecting = owner.hook(Map.of());
    Hook queueing = owner.hook(Map.of("whenOffline", "queue"));

    kill(REDIS_PROCESS);
    expectUnavailable(TestOwner.fire(rejecting, BODY));
    expectUnavailable(TestOwner.send(rejecting, BODY, TestOwner.stamped(rejecting, "n", BODY)));
    TestOwner.fire(queueing, BODY).then().statusCode(202);
    owner.calls().get("/api/webhooks").then().statusCode(200);

    kill(POSTGRES_PROCESS);
    expectUnavailable(TestOwner.fire(queueing, BODY));
    expectUnavailable(owner.calls().get("/api/webhooks"));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"));
  }

  private static void kill(String name) {
    long pid = ConfigProvider.getConfig().getValue(name, Long.class);
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
