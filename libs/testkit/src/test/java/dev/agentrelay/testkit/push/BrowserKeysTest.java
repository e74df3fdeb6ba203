package dev.agentrelay.testkit.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class BrowserKeysTest {
  /** The example of RFC 8291, appendix A. */
  private static final byte[] MESSAGE =
      Base64.getUrlDecoder()
          .decode(
              "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                  + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                  + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");

  @Test
  void readsTheStandardsExample() {
    BrowserKeys keys =
        BrowserKeys.of(
            "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg");

    assertThat(keys.decrypt(MESSAGE)).isEqualTo("When I grow up, I want to be a watermelon");
  }

  @Test
  void readsNothingThatIsForSomebodyElse() {
    assertThatThrownBy(() -> BrowserKeys.generate().decrypt(MESSAGE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
