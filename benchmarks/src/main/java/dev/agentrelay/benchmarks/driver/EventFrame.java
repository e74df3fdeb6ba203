package dev.agentrelay.benchmarks.driver;

import io.vertx.core.buffer.Buffer;

/**
 * The worker's {@code event} message with 1 KiB of event in it (sockets.md 3.1): written once, then
 * only its time stamp and number change. The event is a {@code message_end}, which is numbered,
 * kept and told to viewers.
 */
final class EventFrame {
  /** Length of the event's own JSON. */
  static final int EVENT_BYTES = 1024;

  /** What the live event looks like at the viewer, up to its time stamp. */
  static final byte[] SEEN_PREFIX =
      Digits.ascii("42/viewer,[\"event\",{\"event\":{\"type\":\"message_end\",\"at\":\"");

  static final int STAMP_DIGITS = 19;

  private static final String EVENT_HEAD = "{\"type\":\"message_end\",\"at\":\"";
  private static final String EVENT_MIDDLE =
      "\",\"message\":{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"";
  private static final String EVENT_TAIL = "\"}]}}";
  private static final String WORDS = "The agent has read the file and says what it found. ";
  private static final int MAX_SEQ_DIGITS = 19;

  private final byte[] text;
  private final int stampAt;
  private final int seqAt;

  EventFrame(String session, String token) {
    String head =
        "42/relay,[\"event\",{\"sessionId\":\""
            + session
            + "\",\"token\":\""
            + token
            + "\",\"event\":";
    String event = event();
    String tail = ",\"seq\":";
    stampAt = head.length() + EVENT_HEAD.length();
    seqAt = head.length() + event.length() + tail.length();
    text = Digits.ascii(head + event + tail + " ".repeat(MAX_SEQ_DIGITS + 2));
  }

  /** Appends the message under this number, stamped with this time. */
  void append(Buffer target, long seq, long nanoTime) {
    Digits.writePadded(nanoTime, text, stampAt, STAMP_DIGITS);
    byte[] digits = Digits.ascii(seq + "}]");
    System.arraycopy(digits, 0, text, seqAt, digits.length);
    Frames.appendText(target, text, seqAt + digits.length);
  }

  private static String event() {
    int fixed = EVENT_HEAD.length() + STAMP_DIGITS + EVENT_MIDDLE.length() + EVENT_TAIL.length();
    String words = WORDS.repeat(EVENT_BYTES / WORDS.length() + 1);
    return EVENT_HEAD
        + "0".repeat(STAMP_DIGITS)
        + EVENT_MIDDLE
        + words.substring(0, EVENT_BYTES - fixed)
        + EVENT_TAIL;
  }
}
