package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.testkit.clients.ScriptedViewer;
import io.quarkus.test.junit.QuarkusTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reports on triggers that are not shown to anybody (sockets.md 3.1, 4.10). */
@QuarkusTest
class TriggerStatusTest extends FamilyTest {
  @Test
  void aReportWithoutItsPartsIsAnError() {
    Member child = childOf(member());
    report(child, child.id(), null);
    assertThat(child.socket().await("error").text("message"))
        .isEqualTo("trigger_status_update requires triggerId, targetSessionId, and statusText");
  }

  @Test
  void onlyAChildReportsToASession() {
    Member parent = member();
    Member child = childOf(parent);
    ScriptedViewer viewer = viewerOf(parent);
    for (Member sender : new Member[] {member(), stranger(), child}) {
      report(sender, parent.id(), "from " + sender.id());
      // the answer comes behind the report
      count(sender);
    }
    assertThat(
            viewer
                .inbox()
                .await(event -> event.is("trigger_status_update"), LIMIT)
                .text("statusText"))
        .isEqualTo("from " + child.id());
  }

  private static void report(Member sender, String target, @Nullable String text) {
    sender.send(
        "trigger_status_update", "triggerId", "t1", "targetSessionId", target, "statusText", text);
  }
}
