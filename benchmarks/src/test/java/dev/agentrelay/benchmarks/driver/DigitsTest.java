package dev.agentrelay.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigitsTest {
  private static final byte[] SEQ = Digits.ascii("\"seq\":");

  @Test
  void findsTheNumberAfterItsMarkerWithinTheGivenBytes() {
    byte[] array = Digits.ascii("?{\"sessionId\":\"s\",\"seq\":12345}?\"seq\":6");

    assertThat(Digits.after(SEQ, array, 1, 31)).isEqualTo(12345);
    assertThat(Digits.after(SEQ, array, 1, 25)).isEqualTo(12);
    assertThat(Digits.after(SEQ, array, 1, 20)).isEqualTo(-1);
    assertThat(Digits.after(SEQ, array, 31, 7)).isEqualTo(6);
  }

  @Test
  void fillsEveryPlaceOfANumber() {
    byte[] target = Digits.ascii("[.....]");

    Digits.writePadded(407, target, 1, 5);

    assertThat(target).isEqualTo(Digits.ascii("[00407]"));
  }
}
