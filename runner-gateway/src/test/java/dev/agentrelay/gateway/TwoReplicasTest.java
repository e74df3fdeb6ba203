package dev.agentrelay.gateway;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.identity.TestingIdentities;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Clients of one user on two replicas of the gateway. */
abstract class TwoReplicasTest extends FamilyTest {
  private static @Nullable SecondReplica second;

  @BeforeAll
  static void startSecondReplica() {
    second = SecondReplica.start(Map.of("relay.replica.id", "second"));
  }

  @AfterAll
  static void stopSecondReplica() {
    if (second != null) {
      second.stop();
      second = null;
    }
  }

  /** The user's clients on the other replica. */
  ClientOptions there() {
    if (second == null) {
      throw new IllegalStateException("the second replica is not running");
    }
    return ClientOptions.of(second.url()).withApiKey(TestingIdentities.apiKey(new UserId(user)));
  }
}
