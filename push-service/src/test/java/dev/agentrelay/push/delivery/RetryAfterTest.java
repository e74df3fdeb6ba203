package dev.agentrelay.push.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Both forms of the header, and what is neither. */
class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

  @Test
  void bothFormsAreRead() {
    assertThat(RetryAfter.of(" 120 ", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.of("0", NOW)).isZero();
    assertThat(RetryAfter.of("Wed, 21 Oct 2026 07:30:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void whatIsNeitherIsNoWish() {
    for (String text : new String[] {"", "soon", "-1", "1.5", "9".repeat(40), "Wed, 21 Oct"}) {
      assertThat(RetryAfter.of(text, NOW)).as(text).isNull();
    }
    assertThat(RetryAfter.of(null, NOW)).isNull();
  }
}
