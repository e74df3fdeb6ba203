package dev.agentrelay.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Part;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A session's schedule outlives the processes that know of it, and its worker (rest.md 5.3 and 5.5,
 * sockets.md 4.17).
 */
@Isolated
class SchedulesIT extends SuiteTest {
  private final RelayClient rest = me.rest(suite.edge());
  private final ClientOptions onA = me.at(suite.gatewayA().url());
  private final RunnerScript script =
      RunnerScript.standard()
          .withIdentity(UUID.randomUUID().toString(), UUID.randomUUID().toString());

  @Test
  void aDaemonIsToldOfItAfterItsGatewayHasCrashed() {
    ScriptedRunner runner = open(ScriptedRunner.connect(onA, script));
    String schedule = schedule(session(runner));
    long before = runner.inbox().mark();

    suite.gatewayA().kill();

    runner.inbox().awaitAfter(before, received -> isSnapshotWith(received, schedule), LIMIT);
    suite.gatewayA().awaitBack();
  }

  @Test
  void aDaemonIsToldOfItAfterRedisCameBackEmpty() {
    ScriptedRunner runner = open(ScriptedRunner.connect(onA, script));
    String session = session(runner);
    String schedule = schedule(session);
    Part redis = suite.part("redis");

    redis.kill();
    redis.forget();
    redis.start();

    await("the schedule is listed again")
        .atMost(LIMIT)
        .until(() -> rest.exchange("GET", schedules(session), null).body().contains(schedule));
    ScriptedRunner anew = open(ScriptedRunner.connect(onA, script));
    anew.inbox().await(received -> isSnapshotWith(received, schedule), LIMIT);
  }

  @Test
  void itWakesASessionWhoseWorkerHasGone() {
    ScriptedRunner runner = open(ScriptedRunner.connect(onA, script));
    String session = session(runner);
    schedule(session);
    runner.awaitWorker(session).kill();
    JSONObject fired =
        Json.object("type", "time:timer_fired", "payload", new JSONObject(), "wakeSession", true);
    String trigger = "/api/sessions/" + session + "/trigger";

    await("the wake has started")
        .atMost(LIMIT)
        .until(() -> saysWaking(rest.exchange("POST", trigger, fired)));
    await("the session has the trigger")
        .atMost(LIMIT)
        .until(() -> rest.exchange("POST", trigger, fired).statusCode() == 200);

    runner.awaitWorker(session).inbox().await(received -> received.is("session_trigger"), LIMIT);
    assertThat(runner.inbox().all())
        .filteredOn(received -> received.is("new_session"))
        .extracting(received -> received.payload().optString("resumeId"))
        .containsExactly("", session);
  }

  /** A live session of the runner. */
  private String session(ScriptedRunner runner) {
    String session = rest.spawn(runner.runnerId(), "/src", null).getString("sessionId");
    runner.awaitWorker(session).awaitRegistered();
    return session;
  }

  /** The id of a timer that the session is subscribed to. */
  private String schedule(String session) {
    JSONObject timer =
        Json.object("triggerType", "time:timer_fired", "params", Json.object("duration", "10m"));
    return Json.parse(rest.send("POST", schedules(session), timer).body())
        .getString("subscriptionId");
  }

  private static String schedules(String session) {
    return "/api/sessions/" + session + "/trigger-subscriptions";
  }

  private static boolean isSnapshotWith(Received received, String schedule) {
    return received.is("trigger_subscriptions_snapshot")
        && received.payload().toString().contains(schedule);
  }

  private static boolean saysWaking(HttpResponse<String> answer) {
    return answer.statusCode() == 503 && Json.parse(answer.body()).optBoolean("waking");
  }
}
