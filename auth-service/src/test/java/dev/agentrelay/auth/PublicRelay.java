package dev.agentrelay.auth;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/**
 * A relay behind https that counts what its keys are used for. One profile for all that needs other
 * settings than most tests, because each profile starts the service anew.
 */
public final class PublicRelay implements QuarkusTestProfile {
  public static final String ADDRESS = "https://relay.example";
  public static final int REQUESTS_OF_A_KEY = 2;

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "relay.public.url",
        ADDRESS,
        "relay.api-keys.limited",
        "true",
        "relay.api-keys.requests",
        String.valueOf(REQUESTS_OF_A_KEY));
  }
}
