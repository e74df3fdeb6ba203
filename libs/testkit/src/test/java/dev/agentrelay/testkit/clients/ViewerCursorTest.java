package dev.agentrelay.testkit.clients;

import static dev.agentrelay.testkit.clients.Envelope.Verdict.ACCEPTED;
import static dev.agentrelay.testkit.clients.Envelope.Verdict.BEFORE_SNAPSHOT;
import static dev.agentrelay.testkit.clients.Envelope.Verdict.OLD;
import static dev.agentrelay.testkit.clients.Envelope.Verdict.OTHER_GENERATION;
import static dev.agentrelay.testkit.clients.Envelope.Verdict.OTHER_SESSION;
import static dev.agentrelay.testkit.clients.Envelope.Verdict.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The browser rules of sockets.md 4.6. */
class ViewerCursorTest {
  private static final String SNAPSHOT = "{type:session_active,state:{messages:[]}}";

  private final ViewerCursor cursor = new ViewerCursor("s1", 3, null);

  @Test
  void messagesWaitForTheSnapshot() {
    cursor.connected(12L);
    assertThat(judge("{event:{type:message_update},seq:13,sessionId:s1}"))
        .isEqualTo(BEFORE_SNAPSHOT);
    assertThat(judge("{event:" + SNAPSHOT + ",replay:true,generation:3}")).isEqualTo(ACCEPTED);
    assertThat(judge("{event:{type:message_update},seq:13,sessionId:s1}")).isEqualTo(ACCEPTED);
    assertThat(cursor.position()).isEqualTo(13);
  }

  @Test
  void aGapIsAcceptedAndNoticed() {
    cursor.connected(5L);
    judge("{event:" + SNAPSHOT + ",replay:true,generation:3}");
    assertThat(judge("{event:{type:heartbeat},seq:6,sessionId:s1}")).isEqualTo(ACCEPTED);
    assertThat(cursor.gap()).isFalse();
    assertThat(judge("{event:{type:heartbeat},seq:9,sessionId:s1}")).isEqualTo(ACCEPTED);
    assertThat(cursor.gap()).isTrue();
  }

  @Test
  void whatIsOldOrSomebodyElsesIsDropped() {
    cursor.connected(5L);
    judge("{event:" + SNAPSHOT + ",replay:true,generation:3}");
    assertThat(judge("{event:{type:heartbeat},seq:4,sessionId:s1}")).isEqualTo(OLD);
    assertThat(judge("{event:{type:heartbeat},seq:5,sessionId:s1}")).isEqualTo(ACCEPTED);
    assertThat(judge("{event:{type:heartbeat},seq:5,deltaReplay:true,generation:3}"))
        .isEqualTo(OLD);
    assertThat(judge("{event:{type:heartbeat},seq:6,sessionId:s2}")).isEqualTo(OTHER_SESSION);
    assertThat(judge("{event:{type:heartbeat},seq:6,generation:2}")).isEqualTo(OTHER_GENERATION);
  }

  @Test
  void aReturningViewerNeedsNoSnapshot() {
    ViewerCursor returning = new ViewerCursor("s1", 3, 7L);
    returning.connected(9L);
    assertThat(returning.position()).isEqualTo(7);
    assertThat(
            returning.judge(
                Json.parse("{event:{type:turn_end},seq:8,deltaReplay:true,generation:3}")))
        .isEqualTo(ACCEPTED);
  }

  @Test
  void duringAChunkedSnapshotMessagesAreQueued() {
    judge("{event:{type:session_active,state:{chunked:true}},replay:true,generation:3}");
    assertThat(judge("{event:{type:message_end},seq:2,sessionId:s1}")).isEqualTo(QUEUED);
    assertThat(judge("{event:{type:session_messages_chunk,final:true},seq:3,sessionId:s1}"))
        .isEqualTo(ACCEPTED);
    assertThat(judge("{event:{type:message_end},seq:4,sessionId:s1}")).isEqualTo(ACCEPTED);
  }

  private Envelope.Verdict judge(String envelope) {
    return cursor.judge(Json.parse(envelope));
  }
}
