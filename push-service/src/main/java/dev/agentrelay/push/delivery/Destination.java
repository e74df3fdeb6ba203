package dev.agentrelay.push.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A device, and how a notification to it stands when it becomes known.
 *
 * @param target the subscription's id, the native topic, or empty
 * @param provider who would take it, for his share of what is under way
 */
public record Destination(
    Channel channel, String target, String provider, Outcome outcome, @Nullable String reason) {

  /** It is to be told. */
  public static Destination told(Channel channel, String target, String provider) {
    return new Destination(channel, target, provider, Outcome.PENDING, null);
  }

  /** It is left alone, and why. */
  public static Destination suppressed(
      Channel channel, String target, String provider, String reason) {
    return new Destination(channel, target, provider, Outcome.SUPPRESSED, reason);
  }

  /** It cannot be told, and why. */
  public static Destination failed(Channel channel, String target, String provider, String reason) {
    return new Destination(channel, target, provider, Outcome.FAILED, reason);
  }

  /** There is no device. */
  public static Destination nobody() {
    return new Destination(Channel.NONE, "", "", Outcome.NO_SUBSCRIPTIONS, null);
  }
}
