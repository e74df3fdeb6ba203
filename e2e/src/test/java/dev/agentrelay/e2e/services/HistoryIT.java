package dev.agentrelay.e2e.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentrelay.e2e.suite.Account;
import dev.agentrelay.e2e.suite.SuiteTest;
import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelayClient;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import dev.agentrelay.testkit.clients.ScriptedWorker;
import dev.agentrelay.testkit.clients.WorkerScript;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Random;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What outlives a worker, on its way from the gateway that had it to whoever looks later. */
class HistoryIT extends SuiteTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final RelayClient rest = me.rest(suite.edge());
  private final ClientOptions onA = me.at(suite.gatewayA().url());

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theMessagesOfAnEndedSessionAreRead(boolean inChunks) {
    WorkerScript script = WorkerScript.standard().withHistory(messages(120));
    ScriptedWorker worker =
        open(ScriptedWorker.start(onA, inChunks ? script.withChunkedSnapshots(50) : script));
    String session = worker.awaitRegistered().getString("sessionId");
    worker.end();

    String page = "/api/sessions/" + session + "/messages?before=70&limit=2";
    await().atMost(LIMIT).until(() -> rest.exchange("GET", page, null).statusCode() == 200);
    JSONObject found = Json.parse(rest.send("GET", page, null).body());
    assertThat(found.getInt("totalMessages")).isEqualTo(120);
    assertThat(found.getInt("oldestIndex")).isEqualTo(68);
    assertThat(Json.arrayAt(found, "messages").getJSONObject(0).getString("content"))
        .isEqualTo("message 68");
  }

  @Test
  void aPictureLivesAsLongAsTheSessionThatShowsIt() throws Exception {
    ScriptedWorker worker = open(ScriptedWorker.start(onA, WorkerScript.standard()));
    String session = worker.awaitRegistered().getString("sessionId");
    ScriptedViewer viewer = open(ScriptedViewer.connect(me.at(suite.gatewayB().url())));
    viewer.open(session);
    byte[] picture = new byte[2_000_000];
    new Random(1).nextBytes(picture);

    worker.sendEvent(showing(picture));

    JSONObject shown =
        viewer.awaitEvent(seen -> seen.event().has("_imagesStripped"), LIMIT).event();
    String address =
        Json.objectAt(content(Json.objectAt(shown, "state")).getJSONObject(0), "source")
            .getString("url");
    HttpResponse<byte[]> fetched = fetch(address, me);
    assertThat(fetched.statusCode()).isEqualTo(200);
    assertThat(fetched.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(fetched.body()).isEqualTo(picture);
    assertThat(fetch(address, suite.newAccount()).statusCode()).isEqualTo(403);

    worker.end();
    String path = "/api/sessions/" + session;
    await().atMost(LIMIT).until(() -> rest.exchange("DELETE", path, null).statusCode() == 200);
    assertThat(fetch(address, me).statusCode()).isEqualTo(404);
  }

  private static JSONArray messages(int count) {
    JSONArray messages = new JSONArray();
    IntStream.range(0, count)
        .forEach(i -> messages.put(Json.object("role", "user", "content", "message " + i)));
    return messages;
  }

  private static JSONObject showing(byte[] picture) {
    JSONObject image =
        Json.object(
            "type", "image",
            "mimeType", "image/png",
            "data", Base64.getEncoder().encodeToString(picture));
    JSONObject message = Json.object("role", "user", "content", Json.array(image));
    return Json.object(
        "type", "session_active", "state", Json.object("messages", Json.array(message)));
  }

  private static JSONArray content(JSONObject state) {
    return Json.arrayAt(Json.arrayAt(state, "messages").getJSONObject(0), "content");
  }

  private HttpResponse<byte[]> fetch(String address, Account caller) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(suite.edge() + address))
            .header("x-api-key", caller.apiKey())
            .build(),
        BodyHandlers.ofByteArray());
  }
}
