package dev.agentrelay.gateway.session;

import dev.agentrelay.gateway.json.JsonValues;
import dev.agentrelay.gateway.json.RawObject;
import dev.agentrelay.socketio.RawJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long the agent thinks, and adds it to the thinking blocks of the message that comes
 * of it (sockets.md 4.4.2). Confined to the owner's event loop.
 */
final class ThinkingTimes {
  private static final byte[] MARK = "\"thinking_".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_BLOCKS = 1_000;
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  private final Map<Long, Long> started = new HashMap<>();
  private final Map<Long, Long> seconds = new HashMap<>();

  /** Takes note of a {@code message_update} that starts or ends a thinking block. */
  void track(RawJson update, long nanos) {
    // nearly every update is text, and looking for the word is cheaper than taking it apart
    if (!JsonValues.contains(update, MARK)) {
      return;
    }
    RawObject event = RawObject.parse(update);
    RawObject step = event == null ? null : event.object("assistantMessageEvent");
    Long index = step == null ? null : step.number("contentIndex");
    if (step == null || index == null || index < 0 || isFull()) {
      return;
    }
    if ("thinking_start".equals(step.text("type"))) {
      started.put(index, nanos);
    } else if ("thinking_end".equals(step.text("type"))) {
      Long since = started.remove(index);
      if (since != null) {
        seconds.put(index, Math.ceilDiv(nanos - since, NANOS_PER_SECOND));
      }
    }
  }

  /** A message has a few blocks; what never ends a message must not fill the memory. */
  private boolean isFull() {
    return started.size() + seconds.size() >= MAX_BLOCKS;
  }

  /**
   * The event with {@code durationSeconds} in those thinking blocks of its message that lack it;
   * what was measured is forgotten.
   */
  RawJson bakeInto(RawJson json) {
    started.clear();
    if (seconds.isEmpty()) {
      return json;
    }
    RawJson changed = changed(json);
    seconds.clear();
    return changed == null ? json : changed;
  }

  private @Nullable RawJson changed(RawJson json) {
    RawObject event = RawObject.parse(json);
    RawObject message = event == null ? null : event.object("message");
    List<RawJson> content = message == null ? null : JsonValues.elements(message.get("content"));
    if (event == null || message == null || content == null) {
      return null;
    }
    boolean found = false;
    for (Map.Entry<Long, Long> measured : seconds.entrySet()) {
      int index = (int) Math.min(measured.getKey(), content.size());
      RawObject block = index < content.size() ? RawObject.parse(content.get(index)) : null;
      if (block != null && "thinking".equals(block.text("type")) && !block.has("durationSeconds")) {
        content.set(index, block.put("durationSeconds", measured.getValue()).toJson());
        found = true;
      }
    }
    return found
        ? event.put("message", message.put("content", JsonValues.array(content))).toJson()
        : null;
  }
}
