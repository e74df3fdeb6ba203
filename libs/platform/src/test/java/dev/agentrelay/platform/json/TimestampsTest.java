package dev.agentrelay.platform.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times on the wire. */
class TimestampsTest {
  @Test
  void aTimeHasThreeDigitsOfMilliseconds() {
    Map.of(
            "2026-03-04T05:06:07Z", "2026-03-04T05:06:07.000Z",
            "2026-12-31T23:59:59.9999Z", "2026-12-31T23:59:59.999Z",
            "2024-02-29T00:00:00.001Z", "2024-02-29T00:00:00.001Z",
            "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z",
            "0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z",
            "+10000-01-01T00:00:00Z", "+10000-01-01T00:00:00.000Z",
            "-0001-01-01T00:00:00Z", "-0001-01-01T00:00:00.000Z")
        .forEach((time, text) -> assertThat(Timestamps.text(Instant.parse(time))).isEqualTo(text));
  }

  @Test
  void everyTimeLooksAsAFormatterWritesIt() {
    DateTimeFormatter formatter =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    Random random = new Random(1);
    long years = 300L * 365 * 24 * 3600 * 1000;
    for (int i = 0; i < 10_000; i++) {
      Instant time = Instant.ofEpochMilli(random.nextLong(-years, years));
      assertThat(Timestamps.text(time)).isEqualTo(formatter.format(time));
    }
  }
}
