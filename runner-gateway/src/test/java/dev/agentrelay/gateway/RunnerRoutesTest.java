package dev.agentrelay.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls that a runner answers (rest.md 1.4, 4.5 to 4.10 and 7.2), with the runner on a bare socket.
 */
@QuarkusTest
class RunnerRoutesTest extends CalledRunnerTest {
  /** What the runner is sent, and what its answer becomes. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "runner-routes-answered.csv",
      delimiter = '|',
      quoteCharacter = '`',
      useHeadersInDisplayName = true)
  void theRunnerIsAskedAndItsAnswerIsTheAnswer(
      String call, @Nullable String body, String sent, String answer, int status, String expected) {
    RelaySocket runner = register();
    String command = sent.split(" ", 2)[0];
    String answerEvent = answer.split(" ", 2)[0];
    JSONObject payload = Json.parse(answer.split(" ", 2)[1]);
    runner.on(command, asked -> answer(runner, asked, answerEvent, payload));
    Response response = call(user, call, body);
    JSONObject asked = new JSONObject(runner.await(command).payload().toString());
    assertThat(asked.remove("requestId")).isNotNull();
    assertSimilar(asked, Json.parse(sent.split(" ", 2)[1]));
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    JSONObject given = Json.parse(response.asString());
    given.remove("code");
    assertSimilar(given, Json.parse(expected));
  }

  /** What is refused without asking the runner. */
  @ParameterizedTest
  @CsvFileSource(
      resources = "runner-routes-refused.csv",
      delimiter = '|',
      quoteCharacter = '`',
      useHeadersInDisplayName = true)
  void whatCannotBeAskedIsRefusedWithTheContractsText(
      String call, @Nullable String body, int status, String text) {
    RelaySocket runner = register();
    long before = runner.inbox().mark();
    Response response = call(user, call, body);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
    assertThat(response.jsonPath().getString("error")).isEqualTo(text);
    // what the runner is sent after it would come behind what it was not to be sent
    call(user, "POST /api/runners/restart", "{\"runnerId\":\"" + id + "\"}");
    Received next = runner.inbox().awaitAfter(before, received -> true, LIMIT);
    assertThat(next.event()).isIn("restart", "trigger_subscriptions_snapshot");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET skills",
        "GET skills/a",
        "POST skills",
        "POST skills/refresh",
        "POST skills/reload",
        "PUT skills/a",
        "DELETE skills/a",
        "GET agents",
        "GET agents/a",
        "POST agents",
        "POST agents/refresh",
        "PUT agents/a",
        "DELETE agents/a",
        "GET plugins",
        "POST plugins/refresh",
        "POST files",
        "POST search-files",
        "POST read-file",
        "GET browse",
        "GET sandbox-status",
        "PUT sandbox-config",
        "GET usage",
        "GET models",
        "GET services",
        "PUT services/git/enabled",
        "GET settings",
        "PUT settings",
        "GET packages",
        "POST packages/install",
        "POST packages/remove",
        "POST packages/update",
        "GET packages/install",
        "GET providers",
        "POST providers/login",
        "POST providers/login/submit",
        "POST providers/login/cancel",
        "GET providers/login/status",
        "GET recent-folders",
        "DELETE recent-folders",
        "POST mcp/reload",
        "GET analysis/s1"
      })
  void everyCallIsForTheRunnersOwnerOnly(String call) {
    register();
    String path = call.replace(" ", " /api/runners/" + id + "/");
    assertThat(call("stranger-" + UUID.randomUUID(), path, "{}").statusCode()).isEqualTo(403);
    String unknown = call.replace(" ", " /api/runners/nobody/");
    Response notFound = call(user, unknown, "{}");
    assertThat(notFound.statusCode()).isEqualTo(404);
    assertThat(notFound.jsonPath().getString("error")).isEqualTo("Runner not found");
    assertThat(given().request(path.split(" ")[0], path.split(" ")[1]).statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvFileSource(
      resources = "runner-routes-unanswered.csv",
      delimiter = '|',
      quoteCharacter = '`',
      useHeadersInDisplayName = true)
  void aRunnerThatVanishesBeforeItAnswersIsSaidAtOnce(
      String call, @Nullable String body, String command, String text) {
    RelaySocket runner = register();
    runner.on(command, asked -> runner.close());
    long start = System.nanoTime();
    Response response = call(user, call, body);
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.jsonPath().getString("error")).isEqualTo(text);
    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
  }

  @Test
  void servicesAreShownAsAnnouncedAndToggled() {
    RelaySocket runner = register();
    assertSimilar(
        Json.parse(call(user, path("GET", "services"), null).asString()),
        Json.parse(
            "{\"serviceIds\":[],\"disabledServiceIds\":[],\"panels\":[],\"triggerDefs\":[],"
                + "\"sigilDefs\":[],\"sessionModes\":[]}"));
    Response none = call(user, path("PUT", "services/git/enabled"), "{\"enabled\":true}");
    assertThat(none.statusCode()).isEqualTo(404);
    assertThat(none.jsonPath().getString("error"))
        .isEqualTo("No services registered for this runner");
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    runner.emit(
        "service_announce",
        Json.object("serviceIds", Json.array("git"), "disabledServiceIds", Json.array("time")));
    feed.await("runner_updated", id);
    Response unknown = call(user, path("PUT", "services/x/enabled"), "{\"enabled\":true}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.jsonPath().getString("error")).isEqualTo("Service 'x' not found");
    Response bad = call(user, path("PUT", "services/git/enabled"), "{\"enabled\":1}");
    assertThat(bad.jsonPath().getString("error")).isEqualTo("Missing or invalid 'enabled' field");
    assertSimilar(
        Json.parse(
            call(user, path("PUT", "services/time/enabled"), "{\"enabled\":false}").asString()),
        Json.parse(
            "{\"ok\":true,\"serviceId\":\"time\",\"enabled\":false,"
                + "\"disabledServiceIds\":[\"time\"]}"));
    assertSimilar(
        Json.parse(
            call(user, path("PUT", "services/git/enabled"), "{\"enabled\":false}").asString()),
        Json.parse(
            "{\"ok\":true,\"serviceId\":\"git\",\"enabled\":false,"
                + "\"disabledServiceIds\":[\"time\",\"git\"]}"));
    assertSimilar(
        runner.await("reconfigure_services").payload(),
        Json.parse(
            "{\"disabledServiceIds\":[\"time\",\"git\"],\"serviceId\":\"git\",\"enabled\":false}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"restart", "stop"})
  void anOrderToTheDaemonNeedsItsId(String order) {
    RelaySocket runner = register();
    String path = "POST /api/runners/" + order;
    Response nameless = call(user, path, "{}");
    assertThat(nameless.statusCode()).isEqualTo(400);
    assertThat(nameless.jsonPath().getString("error")).isEqualTo("Missing runnerId");
    assertThat(call(user, path, "{\"runnerId\":\"nobody\"}").statusCode()).isEqualTo(404);
    String mine = "{\"runnerId\":\"" + id + "\"}";
    assertThat(call("stranger-" + id, path, mine).statusCode()).isEqualTo(403);
    assertThat(call(user, path, mine).asString()).isEqualTo("{\"ok\":true}");
    runner.await(order.equals("stop") ? "shutdown" : "restart");
  }
}
