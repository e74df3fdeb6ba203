package dev.agentrelay.testkit.clients;

import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/**
 * One {@code event} envelope as a viewer got it, and what the browser's rules made of it.
 *
 * @param json the envelope, untouched
 */
public record Envelope(JSONObject json, Verdict verdict) {

  /** What the browser does with an envelope (sockets.md 4.6, "Browser rules"). */
  public enum Verdict {
    ACCEPTED,
    /** Of another session than the one looked at. */
    OTHER_SESSION,
    /** Of another session switch than the last. */
    OTHER_GENERATION,
    /** Older than the cursor. */
    OLD,
    /** Cannot be used before there is a snapshot. */
    BEFORE_SNAPSHOT,
    /** Kept until the chunked snapshot is whole. */
    QUEUED
  }

  /** The worker's event. */
  public JSONObject event() {
    return Json.objectAt(json, "event");
  }

  /** The type of the worker's event. */
  public String type() {
    return event().optString("type");
  }

  /** The viewers' sequence number; {@code null} for events outside the sequence. */
  public @Nullable Long seq() {
    return Json.number(json, "seq");
  }

  public boolean accepted() {
    return verdict == Verdict.ACCEPTED;
  }
}
