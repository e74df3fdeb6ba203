package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.Onlookers;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who watches a session, as two gateways say it, is not told of it (rest.md 6.4). */
@QuarkusTest
class OnlookersTest extends PushTest {
  private static final String ONE = "gateway-1";
  private static final String OTHER = "gateway-2";
  private static final Onlookers HIDDEN_TAB = new Onlookers(true, false);
  private static final long VALID = 60_000;
  private static final long OVER = -1;

  @Inject RedisDataSource redis;

  @Test
  void somebodyWhoWatchesOnAnyGatewayIsNotTold() {
    subscribe("browser-" + session, "*");
    look(ONE, VALID);
    look(OTHER, VALID);
    assertThat(toldNext(1)).isEqualTo("suppressed");

    redis.hash(String.class).hdel(LiveKeys.onlookers(session), ONE);
    assertThat(toldNext(2)).isEqualTo("suppressed");

    redis.hash(String.class).hdel(LiveKeys.onlookers(session), OTHER);
    assertThat(toldNext(3)).isEqualTo("sent");
  }

  @Test
  void whatACrashedGatewaySaidCountsNoMoreAfterAWhile() {
    subscribe("browser-" + session, "*");
    look(ONE, OVER);
    look(OTHER, VALID);
    assertThat(toldNext(1)).isEqualTo("suppressed");

    look(OTHER, OVER);
    assertThat(toldNext(2)).isEqualTo("sent");
  }

  private String toldNext(int count) {
    say(new AgentNotice.Finished(about(null), "number " + count + " " + UUID.randomUUID()));
    JsonPath outcomes = awaitOutcomes(count);
    if (outcomes.getString("outcomes[0].outcome").equals("suppressed")) {
      assertThat(outcomes.getString("outcomes[0].reason"))
          .isEqualTo("somebody watches the session");
    }
    return outcomes.getString("outcomes[0].outcome");
  }

  private void look(String gateway, long forMillis) {
    redis
        .hash(String.class)
        .hset(
            LiveKeys.onlookers(session),
            gateway,
            HIDDEN_TAB.toText(System.currentTimeMillis() + forMillis));
  }
}
