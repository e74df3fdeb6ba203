package dev.agentrelay.gateway;

import dev.agentrelay.contracts.UserId;
import dev.agentrelay.platform.identity.Caller;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Identification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Knows every credential of the form {@code key-<user>}; {@code away} stands for an auth-service
 * that cannot be asked.
 */
@Singleton
public class TestingCallers implements CallerLookup {
  static final String AWAY = "away";

  static String keyOf(String user) {
    return "key-" + user;
  }

  @Override
  public Uni<Identification> identify(Credential credential) {
    String value = credential.value();
    Identification found =
        value.equals(AWAY)
            ? new Identification.Unavailable()
            : value.startsWith("key-")
                ? new Identification.Known(
                    new Caller(new UserId(value.substring(4)), "Name of " + value.substring(4)))
                : new Identification.Unknown(Identification.Reason.INVALID_KEY);
    return Uni.createFrom().item(found);
  }
}
