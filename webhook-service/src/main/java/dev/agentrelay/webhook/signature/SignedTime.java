package dev.agentrelay.webhook.signature;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/** When a request was signed, which is not long ago (rest.md 6.2). */
final class SignedTime {
  static final Duration OLDEST = Duration.ofMinutes(5);
  static final Duration FASTEST_CLOCK = Duration.ofSeconds(30);

  private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{1,11}");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private SignedTime() {}

  /** Checks a time that is a date's text; a number is none. */
  static void checkDate(String text, Instant now) {
    check(date(text), now, FASTEST_CLOCK);
  }

  /** Checks a time in seconds since 1970, as senders with conventions of their own have it. */
  static void checkSeconds(String text, String header, Instant now) {
    if (!EPOCH_SECONDS.matcher(text).matches()) {
      throw new SignatureRefused("Invalid " + header + " header");
    }
    check(Instant.ofEpochSecond(Long.parseLong(text)), now, OLDEST);
  }

  private static void check(Instant time, Instant now, Duration fastestClock) {
    if (time.isAfter(now.plus(fastestClock))) {
      throw new SignatureRefused("Webhook timestamp is in the future");
    }
    if (time.isBefore(now.minus(OLDEST))) {
      throw new SignatureRefused("Webhook timestamp is too old");
    }
  }

  private static Instant date(String text) {
    String date = text.strip();
    try {
      if (DATE.matcher(date).matches()) {
        return LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      DateTimeFormatter format =
          date.isEmpty() || Character.isLetter(date.charAt(0))
              ? DateTimeFormatter.RFC_1123_DATE_TIME
              : DateTimeFormatter.ISO_DATE_TIME;
      TemporalAccessor time = format.parseBest(date, OffsetDateTime::from, LocalDateTime::from);
      return time instanceof LocalDateTime local
          ? local.toInstant(ZoneOffset.UTC)
          : Instant.from(time);
    } catch (DateTimeException e) {
      throw new SignatureRefused("Invalid " + RelayScheme.TIMESTAMP + " header");
    }
  }
}
