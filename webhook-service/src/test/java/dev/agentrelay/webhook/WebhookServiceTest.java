package dev.agentrelay.webhook;

import dev.agentrelay.contracts.CommandAnswer.Outcome;
import dev.agentrelay.testkit.gateway.ScriptedGateway;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.vertx.redis.client.Redis;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An owner whose runner is there, and a gateway that follows a script. */
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
public abstract class WebhookServiceTest {
  protected static final Duration LIMIT = Duration.ofSeconds(40);

  @Inject protected Redis redis;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  protected String kafka;

  protected TestOwner owner;
  protected ScriptedGateway gateway;

  @BeforeEach
  void start() {
    gateway = ScriptedGateway.start(kafka);
    owner = new TestOwner(redis).runnerIsHere();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /** Scripts what becomes of the trigger of each session that is spawned from now on. */
  protected void triggersEnd(Outcome outcome) {
    gateway.script(
        owner.runner().value(),
        spawn -> {
          gateway.script(spawn.session(), outcome);
          return Optional.of(Outcome.ACKNOWLEDGED);
        });
  }
}
