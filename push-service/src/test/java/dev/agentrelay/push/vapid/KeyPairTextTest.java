package dev.agentrelay.push.vapid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Keys that an operator gives, and those that are made. */
class KeyPairTextTest {
  private final KeyPairText good = KeyPairText.generate();

  @RepeatedTest(20)
  void madeKeysAreAPairOfTheRightLengths() {
    assertThat(bytes(good.publicKey())).hasSize(65).startsWith(4);
    assertThat(bytes(good.privateKey())).hasSize(32);
    assertThat(new KeyPairText(good.publicKey(), good.privateKey())).isEqualTo(good);
  }

  @Test
  void blanksAroundThemDoNotMatter() {
    KeyPairText given = new KeyPairText(" " + good.publicKey() + "\n", good.privateKey() + " ");
    assertThat(given.toPublicKey()).isEqualTo(good.toPublicKey());
  }

  @Test
  void thePrivateKeyIsNotShown() {
    assertThat(good.toString()).doesNotContain(good.privateKey());
  }

  @Test
  void halvesOfTwoPairsAreRefused() {
    String other = KeyPairText.generate().privateKey();
    assertThatThrownBy(() -> new KeyPairText(good.publicKey(), other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the VAPID keys are not of one pair");
  }

  @Test
  void whatIsNoKeyIsRefused() {
    byte[] point = bytes(good.publicKey());
    point[64] ^= 1;
    byte[] compressed = bytes(good.publicKey());
    compressed[0] = 2;
    for (String bad : new String[] {text(point), text(compressed), "AAAA", "no base64!", ""}) {
      assertThatThrownBy(() -> new KeyPairText(bad, good.privateKey()))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new KeyPairText(good.publicKey(), text(new byte[31])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("31 bytes instead of 32");
  }

  private static byte[] bytes(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
