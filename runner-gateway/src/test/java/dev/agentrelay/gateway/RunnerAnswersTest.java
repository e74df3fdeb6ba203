package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Which answers of a runner count, for whom, and how long they are waited for. */
@QuarkusTest
class RunnerAnswersTest extends CalledRunnerTest {
  @Test
  void anAnswerFromAnotherDaemonDoesNotCount() throws Exception {
    RelaySocket runner = register();
    String other = "stranger-" + UUID.randomUUID();
    RelaySocket stranger = socket(as(other), "/runner").connect().awaitConnected();
    stranger.emit("register_runner", Json.object("runnerId", "of-" + other, "runnerSecret", "s"));
    stranger.await("runner_registered");
    CompletableFuture<HttpResponse<String>> call =
        async(HttpClient.newHttpClient(), "files", "{\"path\":\"/src\"}");
    Received asked = runner.await("list_files");
    answer(stranger, asked, "file_result", Json.object("ok", true, "files", "forged"));
    // once the stranger's next answer is in, its forged one has been seen
    stranger.on(
        "get_skill",
        own -> answer(stranger, own, "skill_result", Json.object("ok", true, "content", "c")));
    call(other, "GET /api/runners/of-" + other + "/skills/a", null);
    answer(runner, asked, "file_result", Json.object("ok", true, "files", "true"));
    assertThat(call.get(10, TimeUnit.SECONDS).body()).contains("true").doesNotContain("forged");
  }

  @Test
  void anAnswerOfAnotherKindDoesNotCount() {
    RelaySocket runner = register();
    runner.on(
        "list_files",
        asked -> {
          answer(runner, asked, "skill_result", Json.object("ok", true, "files", "no"));
          answer(runner, asked, "file_result", Json.object("ok", true, "files", "yes"));
        });
    assertThat(
            call(user, path("POST", "files"), "{\"path\":\"/src\"}").jsonPath().getString("files"))
        .isEqualTo("yes");
  }

  @Test
  void aRunnerThatSaysNothingIsWaitedForOnlySoLong() {
    register();
    Response response = call(user, path("GET", "browse?path=/src"), null);
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.jsonPath().getString("error")).isEqualTo("Runner command timed out");
  }

  @Test
  void aThousandCallsWaitAndTheNextIsRefused() throws Exception {
    RelaySocket runner = register();
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> calls =
        IntStream.rangeClosed(0, 1_000)
            .mapToObj(i -> async(client, "files", "{\"path\":\"/src\"}"))
            .toList();
    Object first =
        CompletableFuture.anyOf(calls.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(first).isInstanceOf(HttpResponse.class);
    assertThat(((HttpResponse<?>) first).body().toString())
        .contains("Too many pending runner commands (max 1000)");
    runner.close();
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      assertThat(call.get(10, TimeUnit.SECONDS).statusCode()).isIn(502, 404);
    }
  }

  @Test
  void aCallerThatGoesAwayHasTheFileReadCancelled() throws Exception {
    RelaySocket runner = register();
    CompletableFuture<HttpResponse<String>> call;
    try (HttpClient client = HttpClient.newHttpClient()) {
      call = async(client, "read-file", "{\"path\":\"/src/a\"}");
      String request = runner.await("read_file").text("requestId");
      call.cancel(true);
      client.shutdownNow();
      assertThat(runner.await("cancel_file_request").text("requestId")).isEqualTo(request);
    }
  }

  @Test
  void aLargeFileArrivesWhole() {
    RelaySocket runner = register();
    String content = "a".repeat(13 * 1024 * 1024);
    runner.on(
        "read_file",
        asked ->
            answer(
                runner,
                asked,
                "file_result",
                Json.object("ok", true, "content", content, "encoding", "base64")));
    Response response =
        call(user, path("POST", "read-file"), "{\"path\":\"/src/a\",\"encoding\":\"base64\"}");
    assertThat(response.jsonPath().getString("content")).hasSameSizeAs(content);
  }

  @Test
  void aListInAnAnswerIsTheListFromThenOn() {
    RelaySocket runner = register();
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    JSONObject skill = Json.object("name", "a", "description", "", "filePath", "/s/a");
    runner.on(
        "create_skill",
        asked ->
            answer(
                runner,
                asked,
                "skill_result",
                Json.object("ok", true, "skills", Json.array(skill))));
    call(user, path("POST", "skills"), "{\"name\":\"a\",\"content\":\"x\"}");
    assertThat(call(user, path("GET", "skills"), null).jsonPath().getList("skills.name"))
        .containsExactly("a");
    assertThat(feed.await("runner_updated", id).getJSONArray("skills").length()).isEqualTo(1);
  }

  private CompletableFuture<HttpResponse<String>> async(
      HttpClient client, String call, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create(relay + "api/runners/" + id + "/" + call))
            .version(HttpClient.Version.HTTP_1_1)
            .header("x-api-key", TestingCallers.keyOf(user))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
