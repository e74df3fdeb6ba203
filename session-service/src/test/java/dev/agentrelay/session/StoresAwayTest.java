package dev.agentrelay.session;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.identity.TestingIdentities;
import dev.agentrelay.testkit.stores.FreePorts;
import dev.agentrelay.testkit.stores.PostgresStore;
import dev.agentrelay.testkit.stores.RedisStore;
import dev.agentrelay.testkit.stores.Store;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** A store that cannot be reached is never "no sessions". */
@QuarkusTest
@QuarkusTestResource(
    value = StoresTestResource.class,
    initArgs = @ResourceArg(name = "stores", value = "kafka"),
    restrictToAnnotatedClass = true)
@QuarkusTestResource(value = StoresAwayTest.OwnStores.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = IdentityTestResource.class, restrictToAnnotatedClass = true)
class StoresAwayTest {
  private static final String REDIS_PROCESS = "stores-away-test.redis";
  private static final String POSTGRES_PROCESS = "stores-away-test.postgres";

  /** A Postgres and a Redis that this test may kill. */
  public static final class OwnStores implements QuarkusTestResourceLifecycleManager {
    private final List<Store> stores = new ArrayList<>();

    @Override
    public Map<String, String> start() {
      PostgresStore postgres = PostgresStore.start(folder("postgres"), FreePorts.next());
      RedisStore redis = RedisStore.start(folder("redis"), FreePorts.next());
      stores.addAll(List.of(redis, postgres));
      return Map.of(
          "quarkus.datasource.jdbc.url",
          postgres.url(),
          "quarkus.datasource.username",
          PostgresStore.USERNAME,
          "quarkus.datasource.password",
          postgres.password(),
          "quarkus.redis.hosts",
          redis.url(),
          POSTGRES_PROCESS,
          String.valueOf(postgres.process().pid()),
          REDIS_PROCESS,
          String.valueOf(redis.process().pid()));
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
  void aStoreThatIsAwayIsAnswered503() {
    caller().get("/api/sessions").then().statusCode(200);

    kill(REDIS_PROCESS);
    expectUnavailable(caller().get("/api/sessions"));
    caller().get("/api/sessions/pinned").then().statusCode(200);

    kill(POSTGRES_PROCESS);
    expectUnavailable(caller().get("/api/sessions/pinned"));
    expectUnavailable(caller().put("/api/sessions/any/pin"));
  }

  private static void expectUnavailable(Response answer) {
    answer
        .then()
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("unavailable"))
        .body("error", notNullValue());
  }

  private static void kill(String name) {
    long pid = ConfigProvider.getConfig().getValue(name, Long.class);
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static RequestSpecification caller() {
    return given().header("x-api-key", TestingIdentities.apiKey(TestSession.newUser()));
  }
}
