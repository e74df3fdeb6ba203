package dev.agentrelay.push.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.contracts.AgentNotice;
import dev.agentrelay.contracts.AgentNotice.About;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.contracts.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The texts of rest.md 6.4. */
class NotificationTest {
  @Test
  void aNamelessSessionIsCalledByTheBeginningOfItsId() {
    JSONObject shown = shown(new AgentNotice.Finished(about(null, true), null));
    assertThat(shown.getString("sessionName")).isEqualTo("7c0f1234");
    assertThat(shown.getString("title")).isEqualTo("Agent finished");
    assertThat(shown.getString("body"))
        .isEqualTo("Your agent in \"7c0f1234\" has finished its task.");
    assertThat(shown.has("data")).isFalse();
  }

  @Test
  void aLongReplyIsCutToThreeHundredCharacters() {
    String body =
        shown(new AgentNotice.Finished(about("a", true), " " + "x".repeat(400))).getString("body");
    assertThat(body).isEqualTo("x".repeat(297) + "…");
  }

  @Test
  void aCharacterIsNeverCutInHalf() {
    String body =
        shown(new AgentNotice.Finished(about("a", true), "x".repeat(296) + "😀".repeat(9)))
            .getString("body");
    assertThat(body).isEqualTo("x".repeat(296) + "…");
  }

  @Test
  void aPlanHasNoButtons() {
    JSONObject shown = shown(new AgentNotice.PlanReady(about("a", true)));
    assertThat(shown.getString("type")).isEqualTo("agent_needs_input");
    assertThat(shown.getString("body")).isEqualTo("Agent in \"a\" asks: Plan ready for review");
    assertThat(shown.has("actions")).isFalse();
  }

  @Test
  void anErrorIsCutToItsBeginning() {
    assertThat(shown(new AgentNotice.Failed(about("a", true), "e".repeat(200))).getString("body"))
        .isEqualTo("Error in \"a\": " + "e".repeat(120));
    assertThat(shown(new AgentNotice.Failed(about("a", true), null)).getString("body"))
        .isEqualTo("An error occurred in session \"a\".");
  }

  @Test
  void onlyOneQuestionOfASessionThatTakesAnswersHasButtons() {
    assertThat(asked(about("a", true), "call", 1, List.of("yes")).has("actions")).isTrue();
    assertThat(asked(about("a", true), "call", 2, List.of("yes")).has("actions")).isFalse();
    assertThat(asked(about("a", false), "call", 1, List.of("yes")).has("actions")).isFalse();
    assertThat(asked(about("a", true), null, 1, List.of("yes")).has("actions")).isFalse();
    assertThat(asked(about("a", true), "call", 1, List.of()).has("actions")).isFalse();
  }

  @Test
  void aLongChoiceIsCutAndTheThirdIsLeftOut() {
    JSONObject shown =
        asked(about("a", true), "call", 1, List.of("TYPE your own!", "y".repeat(31), "b", "c"));
    assertThat(shown.getJSONArray("actions").length()).isEqualTo(3);
    assertThat(shown.getJSONArray("actions").getJSONObject(0).getString("title"))
        .isEqualTo("y".repeat(28) + "…");
    assertThat(shown.getJSONArray("actions").getJSONObject(1).getString("title")).isEqualTo("b");
  }

  @Test
  void aLongListOfChoicesLeavesThoseOfTheButtons() {
    List<String> choices = new ArrayList<>(List.of("Type your own", "yes", "no"));
    choices.addAll(Collections.nCopies(200, "z".repeat(99)));
    JSONObject shown = asked(about("n".repeat(10_000), true), "call", 1, choices);
    assertThat(bytes(shown)).hasSizeLessThan(3_994);
    assertThat(shown.getJSONObject("data").getJSONArray("options").toList())
        .containsExactly("yes", "no");
    assertThat(actions(shown)).containsExactly("option-0", "option-1", "reply");
    assertThat(shown.getJSONObject("data").getString("toolCallId")).isEqualTo("call");
  }

  @Test
  void choicesTooLongForAMessageLeaveTheReply() {
    JSONObject shown =
        asked(about("a", true), "call", 1, List.of("y".repeat(3_000), "z".repeat(3_000)));
    assertThat(bytes(shown)).hasSizeLessThan(3_994);
    assertThat(actions(shown)).containsExactly("reply");
    assertThat(shown.getJSONObject("data").has("options")).isFalse();
    assertThat(shown.getJSONObject("data").getString("toolCallId")).isEqualTo("call");
  }

  @Test
  void aToolCallTooLongForAMessageStillSaysThatSomebodyWaits() {
    JSONObject shown = asked(about("a", true), "c".repeat(5_000), 1, List.of("yes"));
    assertThat(bytes(shown)).hasSizeLessThan(3_994);
    assertThat(shown.getString("body")).isEqualTo("Agent in \"a\" asks: Which?");
    assertThat(shown.has("actions")).isFalse();
  }

  private static byte[] bytes(JSONObject shown) {
    return shown.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> actions(JSONObject shown) {
    return IntStream.range(0, shown.getJSONArray("actions").length())
        .mapToObj(number -> shown.getJSONArray("actions").getJSONObject(number).getString("action"))
        .toList();
  }

  private static JSONObject asked(
      About about, @Nullable String toolCallId, int questions, List<String> options) {
    return shown(new AgentNotice.Asked(about, toolCallId, questions, "Which?", options));
  }

  private static JSONObject shown(AgentNotice notice) {
    return new JSONObject(Notification.of(notice).orElseThrow().payload());
  }

  private static About about(@Nullable String name, boolean collab) {
    return new About(
        "n1", new SessionId("7c0f1234-5678"), new UserId("u"), Instant.now(), name, collab, null);
  }
}
