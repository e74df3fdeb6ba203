package dev.agentrelay.gateway.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.gateway.Member;
import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.RelaySocket;
import dev.agentrelay.testkit.clients.ScriptedHub;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** A parent and its children on different gateways (sockets.md 4.10 to 4.12). */
class FamiliesIT extends TwoReplicas {
  private static final String NO_CHILD =
      "Sender is no longer a child of the target session (linked relationship is broken or stale)";

  @Test
  void aChildThatDoesNotConfirmFailsTheDelinkAndMayTriggerNoMore() {
    Member parent = worker("one", null);
    Member child = worker("other", parent.id());
    long beforeItsBirth = parent.registered().getLong("serverTime") - 60_000;
    assertOk(parent.ask("delink_children", "epoch", beforeItsBirth));
    assertThat(children(parent)).as("younger than the epoch").isEqualTo(1);

    long epoch = child.registered().getLong("serverTime") + 60_000;
    assertThat(parent.ask("delink_children", "epoch", epoch).getBoolean("ok")).isFalse();
    assertThat(child.socket().await("parent_delinked").text("parentSessionId"))
        .isEqualTo(parent.id());
    JSONObject trigger =
        Json.object("type", "x", "targetSessionId", parent.id(), "triggerId", "t1");
    JSONObject refused = child.ask("session_trigger", "trigger", trigger);
    assertThat(refused.getString("error")).isEqualTo(NO_CHILD);

    child.socket().on("parent_delinked", asked -> asked.acknowledge(Json.object("ok", true)));
    assertOk(parent.ask("delink_children", "epoch", epoch));
    assertThat(children(parent)).isZero();
  }

  @Test
  void aChildWhoseGatewayWasKilledHearsOfItsDelinkingWhereItComesBack() {
    Member parent = worker("one", null);
    Member child = worker("other", parent.id());
    gateways.kill("other");
    child.socket().kill();
    assertOk(parent.ask("delink_children"));
    Member again = worker("one", child.id(), parent.id());
    assertThat(again.registered().isNull("parentSessionId")).isTrue();
    assertThat(again.registered().getBoolean("wasDelinked")).isTrue();
    assertThat(children(parent)).isZero();
  }

  @Test
  void aChildLeavesItsParentOnAnotherGateway() {
    Member parent = worker("one", null);
    Member child = worker("other", parent.id());
    assertThat(children(parent)).isEqualTo(1);
    assertOk(child.ask("delink_own_parent"));
    assertThat(children(parent)).isZero();
    Member again = worker("one", child.id(), null);
    assertThat(again.registered().isNull("parentSessionId")).isTrue();
  }

  @Test
  void aChildIsCleanedUpWhereverItAndItsDaemonAre() {
    RelaySocket daemon = daemon("one");
    ScriptedHub hub = open(ScriptedHub.connect(at("one")));
    Member parent = worker("one", null);
    Member child = worker("other", parent.id());
    daemon.emit("session_ready", Json.object("sessionId", child.id()));
    hub.inbox()
        .await(
            event -> event.is("session_status") && runner().equals(event.text("runnerId")), LIMIT);
    // it does not end in time, so that the answer cannot say that it is over
    JSONObject answer = parent.ask("cleanup_child_session", "childSessionId", child.id());
    assertOk(answer);
    assertThat(answer.getBoolean("pending")).isTrue();
    assertThat(daemon.await("kill_session").text("sessionId")).isEqualTo(child.id());
    assertThat(child.socket().await("exec").text("command")).isEqualTo("end_session");
    child.socket().kill();
    hub.await("session_removed", child.id());
    assertThat(daemon.await("session_ended").text("reason")).isEqualTo("Session ended");
  }

  private static long children(Member parent) {
    return parent.ask("get_linked_child_count").getLong("count");
  }

  private static void assertOk(JSONObject answer) {
    assertThat(answer.getBoolean("ok")).as(answer.toString()).isTrue();
  }
}
