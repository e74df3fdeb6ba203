package dev.agentrelay.testkit.identity;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a Quarkus test a {@link TestingIdentities} in place of auth-service. */
public final class IdentityTestResource implements QuarkusTestResourceLifecycleManager {
  private @Nullable TestingIdentities identities;

  @Override
  public Map<String, String> start() {
    identities = TestingIdentities.start();
    return Map.of("relay.auth.url", identities.url());
  }

  @Override
  public void stop() {
    if (identities != null) {
      identities.close();
    }
  }
}
