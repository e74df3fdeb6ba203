package dev.agentrelay.e2e.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A timer that a published daemon keeps, whichever calls its generation makes (rest.md 5.5 and 7.7,
 * sockets.md 4.17).
 */
class PublishedSchedulesIT extends SuiteTest {
  private static final String TIMER = "time:timer_fired";

  private final RelayClient rest = me.rest(suite.edge());

  @ParameterizedTest
  @ValueSource(strings = {PublishedCli.VERSION, PublishedCli.NEWEST})
  void itReachesItsSessionOnceAndIsRetired(String version) throws Exception {
    PublishedRunner runner = open(PublishedRunner.start(suite.edge(), me, version));
    String session = "/api/sessions/" + runner.spawn();
    await("the session is offered timers")
        .atMost(PublishedRunner.PROGRAM_START)
        .until(
            () ->
                rest.exchange("GET", session + "/available-triggers", null).body().contains(TIMER));

    rest.send(
        "POST",
        session + "/trigger-subscriptions",
        Json.object("triggerType", TIMER, "params", Json.object("duration", "2s")));

    await("the timer is retired")
        .atMost(LIMIT)
        .until(() -> list(session + "/trigger-subscriptions", "subscriptions").isEmpty());
    await("the session has it")
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(list(session + "/triggers?state=all", "triggers"))
                    .extracting(
                        entry ->
                            entry.getString("type")
                                + " "
                                + Json.objectAt(entry, "delivery").getString("state"))
                    .containsExactly(TIMER + " delivered"));
    assertThat(rest.runners().getJSONObject(0).getInt("sessionCount"))
        .as("no other session was started for it")
        .isEqualTo(1);
  }

  private List<JSONObject> list(String path, String member) {
    JSONArray found = Json.arrayAt(Json.parse(rest.send("GET", path, null).body()), member);
    List<JSONObject> listed = new ArrayList<>();
    for (int i = 0; i < found.length(); i++) {
      listed.add(found.getJSONObject(i));
    }
    return listed;
  }
}
