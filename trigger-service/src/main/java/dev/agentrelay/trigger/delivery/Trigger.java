package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.contracts.JsonText;
import dev.agentrelay.contracts.SessionId;
import dev.agentrelay.platform.json.Timestamps;
import dev.agentrelay.trigger.json.StoredJson;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an agent is told from outside (sockets.md 4.10).
 *
 * @param id by which a worker drops what it has had already
 * @param source {@code external:<source>}, or the id of the session it comes from
 * @param sourceName shown to the agent as the sender
 */
public record Trigger(
    String id,
    String type,
    String source,
    String sourceName,
    @Nullable String summary,
    ObjectNode payload,
    DeliverAs deliverAs,
    boolean expectsResponse,
    Instant at) {

  /** A fresh id for a trigger from outside. */
  public static String nextId() {
    return "ext_" + random();
  }

  /** 16 random hex digits. */
  public static String random() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  }

  public Trigger withId(String other) {
    return new Trigger(
        other, type, source, sourceName, summary, payload, deliverAs, expectsResponse, at);
  }

  public Trigger withPayload(ObjectNode other) {
    return new Trigger(
        id, type, source, sourceName, summary, other, deliverAs, expectsResponse, at);
  }

  /** The object under {@code trigger} of {@code session_trigger}. */
  JsonText toWire(SessionId target) {
    ObjectNode trigger = StoredJson.object();
    trigger.put("type", type);
    trigger.put("sourceSessionId", source);
    trigger.put("sourceSessionName", sourceName);
    trigger.put("targetSessionId", target.value());
    trigger.set("payload", payload);
    trigger.put("deliverAs", deliverAs.wireName());
    trigger.put("expectsResponse", expectsResponse);
    trigger.put("triggerId", id);
    trigger.put("ts", Timestamps.text(at));
    return new JsonText(StoredJson.text(trigger));
  }

  /** The history entry, without its id. */
  JsonText toEntry() {
    ObjectNode entry = StoredJson.object();
    entry.put("type", type);
    entry.put("source", source);
    if (summary != null) {
      entry.put("summary", summary);
    }
    entry.set("payload", payload);
    entry.put("deliverAs", deliverAs.wireName());
    entry.put("ts", Timestamps.text(at));
    entry.put("direction", "inbound");
    return new JsonText(StoredJson.text(entry));
  }
}
