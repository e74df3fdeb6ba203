package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.Json;
import dev.agentrelay.testkit.clients.ScriptedHub;
import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Objects;
import java.util.UUID;
import org.json.JSONObject;
import org.junit.jupiter.api.Test;

/** Linking and delinking of child sessions (sockets.md 4.3 and 4.11). */
@QuarkusTest
class ChildrenTest extends FamilyTest {

  private static void confirms(Member child) {
    child
        .socket()
        .on(
            "parent_delinked",
            asked -> Objects.requireNonNull(asked.ack()).call(Json.object("ok", true)));
  }

  @Test
  void childrenAreCountedAndANewOneIsShown() {
    Member parent = member();
    ScriptedViewer viewer = viewerOf(parent);
    assertThat(count(parent)).isZero();
    Member child = childOf(parent);
    assertThat(child.registered().getString("parentSessionId")).isEqualTo(parent.id());
    assertThat(
            viewer.inbox().await(event -> event.is("trigger_delivered"), LIMIT).text("triggerId"))
        .isEqualTo("linked_" + child.id().substring(0, 16));
    childOf(parent);
    assertThat(count(parent)).isEqualTo(2);
  }

  @Test
  void aParentOfSomebodyElseIsNoParent() {
    Member foreign = stranger();
    Member child = member("parentSessionId", foreign.id());
    assertThat(child.registered().isNull("parentSessionId")).isTrue();
    assertThat(child.registered().has("wasDelinked")).isFalse();
  }

  @Test
  void aParentThatIsAwayIsKeptInMind() {
    String parentId = UUID.randomUUID().toString();
    Member child = member("parentSessionId", parentId);
    assertThat(child.registered().isNull("parentSessionId")).isTrue();
    Member parent = member(mine(), parentId);
    assertThat(count(parent)).isEqualTo(1);
  }

  @Test
  void delinkedChildrenConfirmAndStayDelinked() {
    Member parent = member();
    Member child = childOf(parent);
    confirms(child);
    assertOk(parent.ask("delink_children"));
    assertThat(child.socket().await("parent_delinked").text("parentSessionId"))
        .isEqualTo(parent.id());
    assertThat(count(parent)).isZero();
    Member again = member(mine(), child.id(), "parentSessionId", parent.id());
    assertThat(again.registered().isNull("parentSessionId")).isTrue();
    assertThat(again.registered().getBoolean("wasDelinked")).isTrue();
  }

  @Test
  void aChildThatDoesNotConfirmFailsTheWholeDelink() {
    Member parent = member();
    Member child = childOf(parent);
    JSONObject first = parent.ask("delink_children");
    assertThat(first.getBoolean("ok")).isFalse();
    confirms(child);
    assertOk(parent.ask("delink_children"));
  }

  @Test
  void aPendingDelinkForbidsTriggersAlready() {
    Member parent = member();
    Member child = childOf(parent);
    parent.ask("delink_children");
    JSONObject trigger =
        Json.object("type", "x", "targetSessionId", parent.id(), "triggerId", "t1");
    assertRefused(child.ask("session_trigger", "trigger", trigger), NO_CHILD);
  }

  @Test
  void childrenYoungerThanTheEpochStay() {
    Member parent = member();
    long before = parent.registered().getLong("serverTime") - 60_000;
    childOf(parent);
    assertOk(parent.ask("delink_children", "epoch", before));
    assertThat(count(parent)).isEqualTo(1);
  }

  @Test
  void aChildLeavesItsParent() {
    Member parent = member();
    Member child = childOf(parent);
    assertOk(child.ask("delink_own_parent"));
    assertThat(count(parent)).isZero();
    assertOk(child.ask("delink_own_parent", "oldParentId", parent.id()));
  }

  @Test
  void aChildThatSaysGoodbyeIsNoChildAnyMore() {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedHub hub = open(ScriptedHub.connect(mine()));
    child.send("session_end", "sessionId", child.id());
    hub.await("session_removed", child.id());
    Member again = member(mine(), child.id());
    assertThat(again.registered().isNull("parentSessionId")).isTrue();
    assertThat(count(parent)).isZero();
  }
}
