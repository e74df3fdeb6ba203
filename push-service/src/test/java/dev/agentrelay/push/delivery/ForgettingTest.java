package dev.agentrelay.push.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.push.PushTestResource;
import dev.agentrelay.push.notification.Notification;
import dev.agentrelay.testkit.identity.IdentityTestResource;
import dev.agentrelay.testkit.stores.StoresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What became of notifications is not remembered for ever. */
@QuarkusTest
@QuarkusTestResource(StoresTestResource.class)
@QuarkusTestResource(IdentityTestResource.class)
@QuarkusTestResource(PushTestResource.class)
class ForgettingTest {
  @Inject Deliveries deliveries;
  @Inject Outcomes outcomes;

  private final UserId user = new UserId("user-" + UUID.randomUUID());

  @Test
  void whatEndedLongAgoIsForgotten() {
    About about =
        new About(
            UUID.randomUUID().toString(),
            new SessionId("session-1"),
            user,
            Instant.now(),
            "billing",
            true,
            null);
    Notification notification =
        Notification.of(new AgentNotice.Finished(about, null)).orElseThrow();
    deliveries.add(notification, List.of(Destination.nobody()));

    deliveries.forget(Instant.now().minusSeconds(60));
    assertThat(known()).hasSize(1);
    deliveries.forget(Instant.now().plusSeconds(60));
    assertThat(known()).isEmpty();
  }

  private JsonNode known() {
    return outcomes.page(user, null, 10).get("outcomes");
  }
}
