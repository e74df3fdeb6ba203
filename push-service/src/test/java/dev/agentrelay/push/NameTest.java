package dev.agentrelay.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.testkit.push.BrowserKeys;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the names of endpoints lead, which their owners decide anew each time. */
@QuarkusTest
class NameTest extends PushTest {
  private final String path = "browser-" + UUID.randomUUID();

  @AfterEach
  void endWhatStillWaits() {
    unsubscribeAll();
  }

  @Test
  void namesThatAreNeverAnsweredDelayNobody() {
    int silent = 20;
    for (int number = 0; number < silent; number++) {
      subscribeAt("https://push" + number + ".silent.test/" + path, BrowserKeys.generate());
    }
    subscribe(path, "*");
    say(new AgentNotice.Finished(about(null), "All green."));
    await().atMost(LIMIT).until(() -> outcomes("sent") == 1);
    assertThat(outcomes("pending")).isEqualTo(silent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inside.test", "mixed.test", "rebinding.test"})
  void aNameThatLeadsIntoTheHouseIsNotSentTo(String domain) {
    int port = URI.create(provider.endpoint("")).getPort();
    subscribeAt("https://" + path + "." + domain + ":" + port + "/" + path, BrowserKeys.generate());
    say(new AgentNotice.Finished(about(null), null));
    JsonPath outcomes = awaitOutcomes(1);
    assertThat(outcomes.getString("outcomes[0].outcome")).isEqualTo("failed");
    assertThat(outcomes.getString("outcomes[0].reason"))
        .isEqualTo("the endpoint's host is private");
    assertThat(outcomes.getInt("outcomes[0].attempts"))
        .isEqualTo(domain.equals("rebinding.test") ? 2 : 1);
    assertThat(provider.inbox().all()).noneMatch(posted -> posted.path().equals("/" + path));
  }
}
