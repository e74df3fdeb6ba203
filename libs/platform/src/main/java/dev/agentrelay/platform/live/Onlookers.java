package dev.agentrelay.platform.live;

/**
 * Whether people look at a session, on any replica.
 *
 * @param watched some viewer is connected
 * @param visible some viewer has said that its page can be seen
 */
public record Onlookers(boolean watched, boolean visible) {
  public static final Onlookers NOBODY = new Onlookers(false, false);

  /** How one replica writes what it holds; old words count no more. */
  public String toText(long validUntilMillis) {
    return validUntilMillis + " " + (visible ? "visible" : "hidden");
  }

  /** Adds what one replica wrote. */
  Onlookers and(String text, long nowMillis) {
    int blank = text.indexOf(' ');
    if (Long.parseLong(text.substring(0, blank)) < nowMillis) {
      return this;
    }
    return new Onlookers(true, visible || text.endsWith(" visible"));
  }
}
