package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.RunnerId;
import dev.agentrelay.contracts.UserId;
import dev.agentrelay.gateway.redis.Script;
import dev.agentrelay.gateway.runner.RunnerRecord;
import dev.agentrelay.platform.live.LiveKeys;
import dev.agentrelay.platform.live.RunnerField;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedRunnerFeed;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Runners that are gone without a goodbye (sockets.md 4.1). */
@QuarkusTest
@TestProfile(TightGateway.class)
class SilentRunnerTest extends RecoveringTest {
  private static final String LEFT_BEHIND = "the connection of a runner that was left behind";

  private final RunnerId runner = new RunnerId("runner-" + UUID.randomUUID());

  @Test
  void aRunnerWhoseReplicaIsGoneIsTakenOffTheList() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    putRunner(runner, "gone-" + UUID.randomUUID());
    feed.await("runner_removed", runner.value());
    assertThat(rest().runners().length()).isZero();
  }

  @Test
  void aRunnerThatItsReplicaNoLongerHoldsIsTakenOffTheListAndOneThatItHoldsIsNot() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    register();
    // when the second is gone, the one that is held has been judged at least once
    for (String lost : new String[] {"first-" + id, "second-" + id}) {
      putRunner(new RunnerId(lost), replica);
      feed.await("runner_removed", lost);
    }
    assertThat(rest().runners().length()).isOne();
    assertThat(rest().runners().getJSONObject(0).getString("id")).isEqualTo(runner.value());
  }

  @Test
  void theTerminalsOfARunnerThatIsGoneEnd() {
    register();
    String terminal =
        Json.parse(
                rest()
                    .send("POST", "/api/runners/terminal", Json.object("runnerId", runner.value()))
                    .body())
            .getString("terminalId");
    RelaySocket viewer = view(terminal);
    viewer.await("terminal_connected");
    send(
        Request.cmd(Command.HSET)
            .arg(LiveKeys.runner(runner))
            .arg(RunnerField.REPLICA.key())
            .arg("gone-" + UUID.randomUUID()));
    assertThat(viewer.await("terminal_exit").payload().toMap())
        .isEqualTo(Map.of("type", "terminal_exit", "terminalId", terminal, "exitCode", -1));
    assertThat(view(terminal).await("terminal_error").text("message"))
        .isEqualTo("Terminal not found");
  }

  @Test
  void anEndThatItsReplicaCouldNotTellOfIsToldOnce() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    putRunner(runner, "gone-" + id);
    leaveWithoutTelling(LEFT_BEHIND);
    feed.await("runner_removed", runner.value());
    RunnerId last = new RunnerId("last-" + id);
    putRunner(last, replica);
    feed.await("runner_removed", last.value());
    assertThat(feed.inbox().all()).filteredOn(event -> event.is("runner_removed")).hasSize(2);
    assertThat(send(Request.cmd(Command.EXISTS).arg(LiveKeys.farewell(runner))).toLong()).isZero();
    assertThat(
            send(Request.cmd(Command.SCARD).arg(LiveKeys.userRunners(new UserId(user)))).toLong())
        .isZero();
  }

  @Test
  void nobodyIsToldOfAnEndOfARunnerThatIsBack() {
    ScriptedRunnerFeed feed = open(ScriptedRunnerFeed.connect(mine()));
    register();
    RelaySocket next = socket(mine(), "/runner").connect().awaitConnected();
    leaveWithoutTelling(
        send(Request.cmd(Command.HGET)
                .arg(LiveKeys.runner(runner))
                .arg(RunnerField.CONNECTION.key()))
            .toString());
    register(next);
    putRunner(new RunnerId("last-" + id), replica);
    feed.await("runner_removed", "last-" + id);
    assertThat(feed.inbox().all()).filteredOn(event -> event.is("runner_removed")).hasSize(1);
    assertThat(send(Request.cmd(Command.EXISTS).arg(LiveKeys.farewell(runner))).toLong()).isZero();
    assertThat(rest().runners().length()).isOne();
  }

  /** As a replica does that is killed in the next moment. */
  private void leaveWithoutTelling(String connection) {
    send(
        Request.cmd(Command.EVAL)
            .arg(Script.load(RunnerRecord.class, "remove.lua").source())
            .arg(2)
            .arg(LiveKeys.runner(runner))
            .arg(LiveKeys.farewell(runner))
            .arg(connection)
            .arg(Duration.ofHours(1).toMillis()));
  }

  private void register() {
    register(socket(mine(), "/runner").connect().awaitConnected());
  }

  private void register(RelaySocket daemon) {
    daemon.emit("register_runner", Json.object("runnerId", runner.value(), "runnerSecret", "s"));
    daemon.await("runner_registered");
  }

  private RelaySocket view(String terminal) {
    Map<String, Object> auth = Map.of("apiKey", TestingCallers.keyOf(user), "terminalId", terminal);
    return open(new RelaySocket(mine(), "/terminal", auth)).connect();
  }

  /** The record of a runner that another connection left behind. */
  private void putRunner(RunnerId left, String holder) {
    Request record = Request.cmd(Command.HSET).arg(LiveKeys.runner(left));
    Map.of(
            RunnerField.USER_ID,
            user,
            RunnerField.REPLICA,
            holder,
            RunnerField.CONNECTION,
            LEFT_BEHIND,
            RunnerField.INFO,
            "{}")
        .forEach((field, value) -> record.arg(field.key()).arg(value));
    send(record);
    send(Request.cmd(Command.SADD).arg(LiveKeys.userRunners(new UserId(user))).arg(left.value()));
    send(Request.cmd(Command.SADD).arg(LiveKeys.registeredRunners()).arg(left.value()));
  }
}
