package dev.agentrelay.gateway.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private static final int MEBIBYTE = 1 << 20;

  @Test
  void onlyTheLastFiftyMessagesAreShown() {
    RawObject state = shown(messages(120, 10));
    assertThat(JsonValues.elements(state.get("messages"))).hasSize(50);
    assertThat(state.number("totalMessages")).isEqualTo(120);
    assertThat(state.number("oldestLoadedIndex")).isEqualTo(70);
    assertThat(state.isTrue("hasMore")).isTrue();
    assertThat(state.text("cwd")).isEqualTo("/src");
  }

  @Test
  void largeMessagesAreFewer() {
    RawObject state = shown(messages(12, MEBIBYTE));
    assertThat(JsonValues.elements(state.get("messages"))).hasSize(7);
    assertThat(state.number("oldestLoadedIndex")).isEqualTo(5);
    assertThat(state.isTrue("hasMore")).isTrue();
  }

  @Test
  void oneMessageIsShownHoweverLargeItIs() {
    RawObject state = shown(messages(3, 9 * MEBIBYTE));
    assertThat(JsonValues.elements(state.get("messages"))).hasSize(1);
    assertThat(state.number("oldestLoadedIndex")).isEqualTo(2);
  }

  @Test
  void fewSmallMessagesAreAllShown() {
    RawObject state = shown(messages(3, 10));
    assertThat(JsonValues.elements(state.get("messages"))).hasSize(3);
    assertThat(state.isFalse("hasMore")).isTrue();
  }

  @Test
  void pagesEndWhereTheyAreAskedTo() {
    List<RawJson> messages = messages(20, 10);
    assertThat(Snapshots.tailFrom(messages, 15, 10)).isEqualTo(5);
    assertThat(Snapshots.tailFrom(messages, 3, 10)).isZero();
    assertThat(Snapshots.tailFrom(messages, 0, 10)).isZero();
    assertThat(Snapshots.tailFrom(messages, 20, 0)).isEqualTo(20);
  }

  private static RawObject shown(List<RawJson> messages) {
    RawObject event =
        RawObject.empty()
            .put("type", "session_active")
            .put(
                "state",
                RawObject.empty().put("messages", JsonValues.array(messages)).put("cwd", "/src"));
    RawObject shown = RawObject.parse(Snapshots.truncated(event.toJson(), null));
    return Objects.requireNonNull(Objects.requireNonNull(shown).object("state"));
  }

  private static List<RawJson> messages(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(n -> RawJson.of("\"" + "m".repeat(bytes) + "\""))
        .toList();
  }
}
