package dev.agentrelay.contracts;

/**
 * A JSON value as the text it came as, so that unknown members and numbers stay as they were sent.
 * Travels inside messages as a string.
 */
public record JsonText(String value) {
  @Override
  public String toString() {
    return value;
  }
}
