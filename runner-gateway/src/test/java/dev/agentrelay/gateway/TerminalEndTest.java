package dev.agentrelay.gateway;

import static dev.agentrelay.gateway.TightGateway.REPLAY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Viewers that come and go, and the ends of terminals (sockets.md 4.13). */
@QuarkusTest
@TestProfile(TightGateway.class)
class TerminalEndTest extends TerminalsTest {
  @Test
  void onlyTheFirstEndIsShownAndTheTerminalIsGoneSoonAfter() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(runner, terminal);
    viewer.emit("kill_terminal", Json.object("terminalId", "another"));
    assertThat(runner.await("kill_terminal").text("terminalId")).isEqualTo(terminal);
    exit(runner, terminal, -1);
    exit(runner, terminal, 0);
    assertThat(viewer.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(-1);
    awaitGone(terminal);
    assertThat(viewer.inbox().all().stream().filter(r -> r.is("terminal_exit"))).hasSize(1);
    assertThat(viewer.connected()).isTrue();
  }

  @Test
  void aViewerThatComesBackSeesWhatNobodySawAndNoMore() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(runner, terminal);
    say(runner, terminal, "seen");
    viewer.inbox().await(received -> data(received, "seen"), LIMIT);
    leave(viewer, terminal);
    for (int i = 0; i <= REPLAY; i++) {
      say(runner, terminal, "missed-" + i);
    }
    settle(runner);
    RelaySocket next = view(mine(), terminal);
    next.await("terminal_connected");
    List<String> replayed =
        next.inbox().all().stream()
            .filter(received -> received.is("terminal_data"))
            .map(received -> String.valueOf(received.text("data")))
            .toList();
    assertThat(replayed).hasSize(REPLAY).startsWith("missed-1").endsWith("missed-" + REPLAY);
    RelaySocket third = view(mine(), terminal);
    third.await("terminal_connected");
    assertThat(third.inbox().all()).noneMatch(received -> received.is("terminal_data"));
    say(runner, terminal, "live");
    next.inbox().await(received -> data(received, "live"), LIMIT);
    third.inbox().await(received -> data(received, "live"), LIMIT);
  }

  @Test
  void aLateViewerSeesTheEnd() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    leave(started(runner, terminal), terminal);
    exit(runner, terminal, 3);
    settle(runner);
    RelaySocket late = view(mine(), terminal);
    assertThat(late.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(3);
    late.await("terminal_connected");
    awaitGone(terminal);
  }

  @Test
  void anErrorIsAnEndToo() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = view(mine(), terminal);
    viewer.await("terminal_connected");
    viewer.emit("terminal_resize", size(80, 24));
    runner.await("new_terminal");
    runner.emit("terminal_error", Json.object("terminalId", terminal, "message", "no shell"));
    assertThat(viewer.await("terminal_error").text("message")).isEqualTo("no shell");
    awaitGone(terminal);
  }

  @Test
  void aRunnerThatLeavesEndsItsTerminals() {
    RelaySocket runner = register();
    RelaySocket running = started(runner, open(new JSONObject()));
    RelaySocket waiting = view(mine(), open(new JSONObject()));
    waiting.await("terminal_connected");
    runner.close();
    for (RelaySocket viewer : List.of(running, waiting)) {
      assertThat(viewer.await("terminal_exit").payload().getInt("exitCode")).isEqualTo(-1);
    }
  }

  @Test
  void aNewerConnectionOfTheRunnerKeepsItsTerminals() {
    RelaySocket former = register();
    String terminal = open(new JSONObject());
    RelaySocket viewer = started(former, terminal);
    RelaySocket runner = register();
    former.close();
    say(runner, terminal, "still here");
    viewer.inbox().await(received -> data(received, "still here"), LIMIT);
    assertThat(viewer.inbox().all()).noneMatch(received -> received.is("terminal_exit"));
  }

  @Test
  void aTerminalThatNobodyClaimsIsCollected() {
    register();
    awaitGone(open(new JSONObject()));
  }

  @Test
  void aTerminalThatNobodyUsesIsCollectedAndItsShellEnded() {
    RelaySocket runner = register();
    String terminal = open(new JSONObject());
    leave(started(runner, terminal), terminal);
    assertThat(
            runner
                .inbox()
                .await(received -> received.is("kill_terminal"), LIMIT.multipliedBy(2))
                .text("terminalId"))
        .isEqualTo(terminal);
    awaitGone(terminal);
  }
}
