package dev.agentrelay.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** rest.md 2.6. */
class PasswordPolicyTest {
  private static final String EMOJI = "\uD83D\uDE00";

  @Test
  void takesEightTo128CharactersWithEachKind() {
    assertThat(PasswordPolicy.accepts("Abcdefg1")).isTrue();
    assertThat(PasswordPolicy.accepts("Abcdef1")).isFalse();
    assertThat(PasswordPolicy.accepts("Aa1" + "x".repeat(125))).isTrue();
    assertThat(PasswordPolicy.accepts("Aa1" + "x".repeat(126))).isFalse();
    assertThat(PasswordPolicy.accepts("abcdefg1")).isFalse();
    assertThat(PasswordPolicy.accepts("ABCDEFG1")).isFalse();
    assertThat(PasswordPolicy.accepts("Abcdefgh")).isFalse();
    // Letters and digits of other scripts are none of these.
    assertThat(PasswordPolicy.accepts("\u00C4bcdefg\u0661")).isFalse();
  }

  @Test
  void countsCodePoints() {
    assertThat(PasswordPolicy.accepts("Aa1" + EMOJI.repeat(5))).isTrue();
    assertThat(PasswordPolicy.accepts("Aa1" + EMOJI.repeat(4))).isFalse();
    assertThat(PasswordPolicy.accepts("Aa1" + EMOJI.repeat(125))).isTrue();
  }
}
