package dev.agentrelay.platform.json;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times as every client expects them: ISO-8601 in UTC, always with three digits of milliseconds.
 */
public final class Timestamps {
  private static final int LENGTH = "0000-00-00T00:00:00.000Z".length();
  private static final int LARGEST_YEAR = 9_999;
  private static final int NANOS_PER_MILLI = 1_000_000;
  private static final DateTimeFormatter OF_ANY_YEAR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** Digit by digit: a formatter costs more than reading the row that the time stands in. */
  public static String text(Instant time) {
    LocalDateTime utc =
        LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
    if (utc.getYear() < 0 || utc.getYear() > LARGEST_YEAR) {
      return OF_ANY_YEAR.format(time);
    }
    byte[] text = new byte[LENGTH];
    int at = put(text, 0, utc.getYear(), 4, '-');
    at = put(text, at, utc.getMonthValue(), 2, '-');
    at = put(text, at, utc.getDayOfMonth(), 2, 'T');
    at = put(text, at, utc.getHour(), 2, ':');
    at = put(text, at, utc.getMinute(), 2, ':');
    at = put(text, at, utc.getSecond(), 2, '.');
    put(text, at, utc.getNano() / NANOS_PER_MILLI, 3, 'Z');
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Writes a number and what follows it; returns the place behind. */
  private static int put(byte[] text, int at, int number, int digits, char next) {
    int rest = number;
    for (int i = at + digits - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    text[at + digits] = (byte) next;
    return at + digits + 1;
  }
}
