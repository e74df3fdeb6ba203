package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.Received;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.RunnerScript;
import dev.agentrelay.testkit.clients.ScriptedRunner;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Daemons register, again and again, and disappear (sockets.md 4.1). */
@QuarkusTest
class RunnerRegistrationTest extends GatewayTest {
  private final String id = "runner-" + UUID.randomUUID();

  @Test
  void aDaemonIsWelcomedWithItsIdAndThenItsSubscriptions() {
    RelaySocket daemon = register(mine(), registration("secret"));
    assertThat(daemon.await("runner_registered").text("runnerId")).isEqualTo(id);
    JSONObject snapshot = daemon.await("trigger_subscriptions_snapshot").payload();
    assertThat(snapshot.getBoolean("isReconnect")).isTrue();
    assertThat(snapshot.getJSONArray("subscriptions").length()).isZero();
    assertThat(names(daemon))
        .containsSubsequence("runner_registered", "trigger_subscriptions_snapshot");
  }

  @Test
  void revisionsOfSnapshotsGrow() {
    long first = revision(register(mine(), registration("secret")));
    long second = revision(register(mine(), registration("secret")));
    assertThat(second).isGreaterThan(first);
  }

  @Test
  void aRunnerWithoutIdOrSecretGetsAFreshId() {
    JSONObject nameless = registration("secret");
    nameless.remove("runnerSecret");
    RelaySocket daemon = register(mine(), nameless);
    assertThat(daemon.await("runner_registered").text("runnerId")).isNotBlank().isNotEqualTo(id);
  }

  @Test
  void aWrongSecretIsRefusedAndTheRunnerStays() {
    RelaySocket owner = register(mine(), registration("secret"));
    owner.await("runner_registered");
    RelaySocket intruder = register(mine(), registration("another"));
    assertThat(intruder.await("error").text("message"))
        .isEqualTo("Runner authentication failed: secret mismatch for runner " + id);
    intruder.await("disconnect");
    assertThat(runners()).hasSize(1);
    assertThat(owner.connected()).isTrue();
  }

  @Test
  void aRunnerOfSomebodyElseIsRefusedEvenWithTheSecret() {
    register(mine(), registration("secret")).await("runner_registered");
    RelaySocket stranger = register(as("stranger-" + UUID.randomUUID()), registration("secret"));
    assertThat(stranger.await("error").text("message"))
        .isEqualTo("Runner authentication failed: runner " + id + " is owned by a different user");
    stranger.await("disconnect");
  }

  @Test
  void theNewestConnectionIsTheRunnerAndTheEndOfAnOlderOneChangesNothing() {
    RelaySocket first = register(mine(), registration("secret"));
    first.await("runner_registered");
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket second = register(mine(), registration("secret"));
    second.await("runner_registered");
    first.close();
    second.emit("runner_warning", new JSONObject().put("message", "still here"));
    JSONObject updated = feed.await("runner_updated", id);
    assertThat(updated.getJSONArray("warnings").getString(0)).isEqualTo("still here");
    assertThat(feed.inbox().all()).noneMatch(received -> received.is("runner_removed"));
  }

  @Test
  void aDaemonThatLeavesIsRemovedAndItsSecretWithIt() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = register(mine(), registration("secret"));
    feed.await("runner_added", id);
    daemon.close();
    feed.await("runner_removed", id);
    assertThat(runners()).isEmpty();
    register(mine(), registration("new secret")).await("runner_registered");
  }

  @Test
  void whatTheDaemonSaysOfItselfIsBroughtIntoForm() {
    JSONObject payload =
        registration("secret")
            .put("name", "  box ")
            .put("roots", Json.array("C:\\work\\", "/src/", "/"))
            .put(
                "skills",
                Json.array(
                    Json.object("name", "a", "extra", 1), Json.object("description", "nameless")))
            .put(
                "hooks",
                Json.array(
                    Json.object("type", "start", "scripts", new JSONArray()),
                    Json.object("type", "no scripts")));
    register(mine(), payload).await("runner_registered");
    JSONObject shown = runners().get(0);
    assertThat(shown.getString("name")).isEqualTo("box");
    assertThat(shown.getJSONArray("roots").toList()).containsExactly("C:/work", "/src", "/");
    assertThat(shown.getJSONArray("skills").toList())
        .containsExactly(Map.of("name", "a", "description", "", "filePath", ""));
    assertThat(shown.getJSONArray("hooks").length()).isEqualTo(1);
  }

  @Test
  void theListSaysTheReferencesFieldsAndThoseOfTheFeed() {
    ScriptedRunner runner =
        open(ScriptedRunner.start(mine(), RunnerScript.standard().withIdentity(id, "secret")));
    runner.awaitRegistered();
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    JSONObject listed = Objects.requireNonNull(feed.runners().get(id));
    JSONObject shown = runners().get(0);
    assertThat(shown.keySet()).containsAll(listed.keySet()).contains("id", "connected", "sessions");
    assertThat(shown.getBoolean("connected")).isTrue();
  }

  @Test
  void warningsAreKeptOnceUntilTheyAreCleared() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = register(mine(), registration("secret"));
    feed.await("runner_added", id);
    daemon.emit("runner_warning", new JSONObject().put("message", "no tunnel"));
    daemon.emit("runner_warning", new JSONObject().put("message", "no tunnel"));
    daemon.emit("runner_warning", new JSONObject().put("message", "disk full"));
    feed.inbox().await(received -> warnings(received) == 2, LIMIT);
    assertThat(runners().get(0).getJSONArray("warnings").toList())
        .containsExactly("no tunnel", "disk full");
    daemon.emit("runner_warning_clear", new JSONObject());
    feed.inbox()
        .awaitAfter(
            feed.inbox().mark() - 1,
            received -> received.is("runner_updated") && warnings(received) == 0,
            LIMIT);
  }

  @Test
  void eventsOfADaemonThatHasNotRegisteredAreDropped() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = socket(mine(), "/runner").connect().awaitConnected();
    daemon.emit("runner_warning", new JSONObject().put("message", "too early"));
    daemon.emit("register_runner", registration("secret"));
    assertThat(feed.await("runner_added", id).has("warnings")).isFalse();
  }

  private static int warnings(Received received) {
    JSONArray warnings = received.payload().optJSONArray("warnings");
    return warnings == null ? 0 : warnings.length();
  }

  private static long revision(RelaySocket daemon) {
    return daemon.await("trigger_subscriptions_snapshot").payload().getLong("revision");
  }

  private static List<String> names(RelaySocket socket) {
    return socket.inbox().all().stream().map(Received::event).toList();
  }

  private List<JSONObject> runners() {
    JSONArray listed = rest().runners();
    return IntStream.range(0, listed.length()).mapToObj(listed::getJSONObject).toList();
  }

  private JSONObject registration(String secret) {
    return new JSONObject().put("runnerId", id).put("runnerSecret", secret).put("name", "box");
  }

  private RelaySocket register(ClientOptions options, JSONObject payload) {
    RelaySocket daemon = socket(options, "/runner").connect().awaitConnected();
    daemon.emit("register_runner", payload);
    return daemon;
  }
}
