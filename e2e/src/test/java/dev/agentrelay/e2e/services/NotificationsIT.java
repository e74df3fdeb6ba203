package dev.agentrelay.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import dev.agentrelay.testkit.push.BrowserKeys;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is notified depends on what happens on every replica. */
class NotificationsIT extends SuiteTest {
  private static final String WATCHED = "suppressed: somebody watches the session";
  private static final String CHILD = "suppressed: a linked child's parent is told instead";

  private final RelayClient rest = me.rest(suite.edge());
  private final ClientOptions onA = me.at(suite.gatewayA().url());
  private final ClientOptions onB = me.at(suite.gatewayB().url());

  /** A browser whose provider has no address: what it is to be told waits. */
  @BeforeEach
  void subscribe() {
    BrowserKeys keys = BrowserKeys.generate();
    rest.send(
        "POST",
        "/api/push/subscribe",
        Json.object(
            "endpoint",
            "https://push.invalid/browser",
            "keys",
            Json.object("p256dh", keys.p256dh(), "auth", keys.auth())));
  }

  @Test
  void whoWatchesOnAnotherReplicaIsNotNotified() throws Exception {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    ScriptedViewer viewer = open(ScriptedViewer.connect(onB));
    viewer.open(session);
    ScriptedViewer another = open(ScriptedViewer.connect(onA));
    another.open(session);

    assertThat(outcomeOfAnError(worker, 1)).isEqualTo(WATCHED);
    another.close();
    assertThat(outcomeOfAnError(worker, 2)).isEqualTo(WATCHED);
    viewer.close();
    int[] said = {2};
    await().atMost(LIMIT).until(() -> outcomeOfAnError(worker, ++said[0]).startsWith("pending"));
  }

  @Test
  void aChildIsSilentForAsLongAsItIsLinkedToAParentOnAnotherReplica() {
    ScriptedWorker parent = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String parentId = parent.awaitRegistered().getString("sessionId");
    ScriptedWorker child =
        open(ScriptedWorker.start(onB, WorkerScript.standard().withParent(parentId)));
    child.awaitRegistered();

    assertThat(outcomeOfAnError(child, 1)).isEqualTo(CHILD);
    assertThat(outcomeOfAnError(parent, 2)).startsWith("pending");
    child.emitWithAck("delink_own_parent", Json.object()).join();
    assertThat(outcomeOfAnError(child, 3)).startsWith("pending");
  }

  /** What became of the error that is the user's so manieth notification. */
  private String outcomeOfAnError(ScriptedWorker worker, int number) {
    worker.sendEvent(Json.object("type", "cli_error", "message", "number " + number));
    return await()
        .atMost(LIMIT)
        .until(this::outcomes, outcomes -> outcomes.size() == number)
        .getFirst();
  }

  /** The newest first. */
  private List<String> outcomes() {
    JSONArray told =
        Json.arrayAt(
            Json.parse(rest.send("GET", "/api/push/outcomes?limit=200", null).body()), "outcomes");
    List<String> outcomes = new ArrayList<>();
    for (int each = 0; each < told.length(); each++) {
      JSONObject outcome = told.getJSONObject(each);
      outcomes.add(outcome.getString("outcome") + ": " + outcome.optString("reason"));
    }
    return outcomes;
  }
}
