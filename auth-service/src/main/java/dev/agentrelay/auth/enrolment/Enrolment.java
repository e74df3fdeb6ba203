package dev.agentrelay.auth.enrolment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.auth.RandomText;
import dev.agentrelay.contracts.ErrorCode;
import dev.agentrelay.platform.error.RelayException;
import dev.agentrelay.platform.http.JsonBody;
import java.time.Duration;

/** What setup claims and mobile links have in common. */
final class Enrolment {
  /** How long a device waits to be approved, and then may fetch its key. */
  static final Duration LIFE = Duration.ofMinutes(10);

  /** How long it is remembered that it has expired. */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private static final String HEX_DIGITS = "0123456789abcdef";
  private static final int TOKEN_LENGTH = 64;
  private static final int LONGEST_URL = 2048;

  private Enrolment() {}

  static String newToken() {
    return RandomText.of(HEX_DIGITS, TOKEN_LENGTH);
  }

  /**
   * The address at which the device is to find the relay; shown to people and not looked at.
   *
   * @throws RelayException with 400 when there is none that could be one
   */
  static String relayUrl(ObjectNode body) {
    String url = stripped(body, "relayUrl");
    if (url.isEmpty() || url.length() > LONGEST_URL) {
      throw new RelayException(ErrorCode.INVALID_REQUEST, "Missing required field: relayUrl");
    }
    return url;
  }

  /** A member's text without the space around it; empty when it is absent or no text. */
  static String stripped(ObjectNode body, String member) {
    String text = JsonBody.text(body, member);
    return text == null ? "" : text.strip();
  }
}
