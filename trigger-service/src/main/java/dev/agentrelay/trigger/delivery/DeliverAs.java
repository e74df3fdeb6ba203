package dev.agentrelay.trigger.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import org.jspecify.annotations.Nullable;

/** When the agent sees a trigger. */
public enum DeliverAs {
  /** At once, in the middle of its turn. */
  STEER("steer"),
  /** After its turn. */
  FOLLOW_UP("followUp");

  private final String wireName;

  DeliverAs(String wireName) {
    this.wireName = wireName;
  }

  /** Its name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** The one of that name, as it was stored; {@link #STEER} for whatever else. */
  public static DeliverAs ofWireName(@Nullable String name) {
    return FOLLOW_UP.wireName.equals(name) ? FOLLOW_UP : STEER;
  }

  /**
   * Reads a request's {@code deliverAs}.
   *
   * @param otherwise for absent and null
   * @throws RelayException 400
   */
  public static DeliverAs of(@Nullable JsonNode sent, DeliverAs otherwise) {
    if (sent == null || sent.isNull()) {
      return otherwise;
    }
    for (DeliverAs each : values()) {
      if (each.wireName.equals(sent.textValue())) {
        return each;
      }
    }
    throw new RelayException(
        ErrorCode.INVALID_REQUEST, "Invalid 'deliverAs' — must be 'steer' or 'followUp'");
  }
}
