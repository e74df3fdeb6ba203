package dev.agentrelay.e2e.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.e2e.wire.WireClient;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedBrowser;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Long-polling behind a balancer that sends every request elsewhere (sockets.md 1.1, 1.2). */
class PollingIT extends SuiteTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private String session = "";
  private String runner = "";

  @BeforeEach
  void startSession() {
    ScriptedRunner started =
        open(
            ScriptedRunner.connect(
                me.at(suite.edge()),
                RunnerScript.standard()
                    .withWorkers(
                        WorkerScript.standard().withGeneration(WorkerScript.Generation.V0_52_0))));
    runner = started.runnerId();
    session = me.rest(suite.edge()).spawn(runner, "/src", null).getString("sessionId");
    started.awaitWorker(session).awaitRegistered();
  }

  @Test
  void aViewerThatOnlyPollsWatchesAndTypes() {
    watchAndType(open(ScriptedViewer.connect(me.at(suite.edge()).withTransports("polling"))));
  }

  @Test
  void aBrowserStartsPollingAndUpgradesWithAllItsNamespaces() {
    ClientOptions page = me.at(suite.edge()).withOrigin(suite.edge().toString());
    ScriptedBrowser browser = open(ScriptedBrowser.connect(page));
    assertThat(browser.runners().runners()).containsKey(runner);
    assertThat(browser.hub().sessions()).containsKey(session);
    watchAndType(browser.viewer());
  }

  @Test
  void eachRequestOfAConnectionMayReachAnotherReplica() throws Exception {
    String sid = Json.parse(get(suite.gatewayA().url(), "").body().substring(1)).getString("sid");
    String auth = WireClient.browserAuth(me.apiKey()).toString();
    HttpResponse<String> posted =
        post(
            suite.gatewayB().url(),
            sid,
            "40/hub," + auth + "\u001e" + "40/runners," + auth + "\u001e" + "40/viewer," + auth);
    assertThat(posted.statusCode()).isEqualTo(200);
    assertThat(posted.body()).isEqualTo("ok");
    Set<String> heads = new ConcurrentSkipListSet<>();
    Set<String> wanted = Set.of("40/hub", "42/hub", "40/runners", "42/runners", "40/viewer");
    boolean[] onB = {true};
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              URI replica = onB[0] ? suite.gatewayB().url() : suite.gatewayA().url();
              onB[0] = !onB[0];
              for (String packet : get(replica, sid).body().split("\u001e")) {
                heads.add(packet.split(",", 2)[0]);
              }
              return heads.containsAll(wanted);
            });
  }

  @Test
  void aSidThatNoReplicaIssuedIsUnknown() throws Exception {
    for (String sid : new String[] {"nonsense", "gateway-9.nonsense"}) {
      HttpResponse<String> answer = get(suite.edge(), sid);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    }
  }

  private void watchAndType(ScriptedViewer viewer) {
    viewer.open(session);
    assertThat(viewer.input("typed over HTTP").join()).isTrue();
    viewer.awaitEvent(
        envelope ->
            envelope.type().equals("message_end")
                && envelope.event().toString().contains("You said: typed over HTTP"),
        LIMIT);
  }

  private static HttpResponse<String> get(URI relay, String sid) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(polling(relay, sid)).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(URI relay, String sid, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(polling(relay, sid))
            .timeout(LIMIT)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static URI polling(URI relay, String sid) {
    String query = "EIO=4&transport=polling" + (sid.isEmpty() ? "" : "&sid=" + sid);
    return relay.resolve("/socket.io/?" + query);
  }
}
