package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.SessionField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/**
 * Which sessions a daemon is given to adopt when it registers (sockets.md 4.1, step 6): it may kill
 * whatever is on that list.
 */
@QuarkusTest
class ExistingSessionsTest extends GatewayTest {
  private final String runner = "runner-" + UUID.randomUUID();
  private final String id = UUID.randomUUID().toString();

  @Inject Redis redis;

  @Test
  void aDaemonThatComesBackIsToldOfItsOwnSessions() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    RelaySocket daemon = register(runner);
    assertThat(registered(daemon).has("existingSessions")).isFalse();
    BareSession.register(
        this, id, Json.object("sessionId", id, "cwd", "/src", "sessionFile", "/s.jsonl"));
    link(hub, daemon, id);
    String bare = UUID.randomUUID().toString();
    BareSession.register(this, bare);
    link(hub, daemon, bare);
    Map<String, String> own = Map.of("sessionId", id, "cwd", "/src", "sessionFile", "/s.jsonl");
    Map<String, String> other = Map.of("sessionId", bare, "cwd", "/src");

    assertThat(registered(register(runner)).getJSONArray("existingSessions").toList())
        .containsExactlyInAnyOrder(own, other);
    // also when it was gone in between
    RelaySocket last = register(runner);
    registered(last);
    last.close();
    feed.await("runner_removed", runner);
    assertThat(registered(register(runner)).getJSONArray("existingSessions").toList())
        .containsExactlyInAnyOrder(own, other);
  }

  @Test
  void whatIsNotItsOwnOrHasNoWorkerIsNotOnTheList() {
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    BareSession.register(this, id);
    RelaySocket neighbour = register("neighbour-" + runner);
    registered(neighbour);
    link(hub, neighbour, id);
    String orphan = "orphan-" + id;
    String foreign = "foreign-" + id;
    leaveBehind(orphan, user, "a replica that is gone");
    leaveBehind(foreign, "stranger-" + user, "a replica that is gone");
    // this replica had it before it was started again
    leaveBehind("forgotten-" + id, user, replicaOf(id));
    // as if a session had changed hands and the index of the runner had not heard of it
    index(id);

    assertThat(registered(register(runner)).has("existingSessions")).isFalse();
  }

  /** The record of a session of this runner. */
  private void leaveBehind(String session, String owner, String replica) {
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.session(new SessionId(session)));
    Map.of(
            SessionField.USER_ID, owner,
            SessionField.RUNNER_ID, runner,
            SessionField.REPLICA, replica,
            SessionField.EPOCH, "1")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    index(session);
  }

  private String replicaOf(String session) {
    return redis
        .send(
            Request.cmd(Command.HGET)
                .arg(LiveKeys.session(new SessionId(session)))
                .arg(SessionField.REPLICA.key()))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .toString();
  }

  private void index(String session) {
    send(Request.cmd(Command.SADD).arg(LiveKeys.runnerSessions(new RunnerId(runner))).arg(session));
  }

  private void send(Request request) {
    redis.send(request).toCompletionStage().toCompletableFuture().join();
  }

  private void link(ScriptedHub hub, RelaySocket daemon, String session) {
    hub.await("session_added", session);
    daemon.emit("session_ready", Json.object("sessionId", session));
    hub.await("session_status", session);
  }

  private RelaySocket register(String runnerId) {
    RelaySocket daemon = socket(mine(), "/runner").connect().awaitConnected();
    daemon.emit("register_runner", Json.object("runnerId", runnerId, "runnerSecret", "s"));
    return daemon;
  }

  private static JSONObject registered(RelaySocket daemon) {
    return daemon.await("runner_registered").payload();
  }
}
