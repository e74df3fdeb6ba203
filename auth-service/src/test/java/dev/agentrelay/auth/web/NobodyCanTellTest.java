package dev.agentrelay.auth.web;

import static dev.agentrelay.auth.TestingClient.call;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.agentrelay.auth.RealStores;
import dev.agentrelay.platform.identity.CallerLookup;
import dev.agentrelay.platform.identity.Credential;
import dev.agentrelay.platform.identity.Identification;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@RealStores
@TestProfile(NobodyCanTellTest.Away.class)
class NobodyCanTellTest {
  public static final class Away implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(NobodyCanTell.class);
    }
  }

  @Alternative
  @ApplicationScoped
  public static class NobodyCanTell implements CallerLookup {
    @Override
    public Uni<Identification> identify(Credential credential) {
      return Uni.createFrom().item(new Identification.Unavailable());
    }
  }

  @Test
  void aCallerWhoCannotBeLookedUpIsNotTurnedAway() {
    call()
        .header("x-api-key", "perhaps a good one")
        .get("/api/me")
        .then()
        .statusCode(503)
        .header("retry-after", matchesPattern("[1-9]\\d*"))
        .body("code", equalTo("unavailable"));
  }
}
