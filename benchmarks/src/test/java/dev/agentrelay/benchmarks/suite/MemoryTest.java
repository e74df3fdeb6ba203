package dev.agentrelay.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final String HEAP =
      """
      4711:
       DefNew     total 78656K, used 30K [0x00000000f0000000, 0x00000000f5550000)
        eden space 69952K,   0% used [0x00000000f0000000, 0x00000000f0007a98)
       Tenured    total 174784K, used 70K [0x00000000f5550000, 0x0000000100000000)
       Metaspace       used 51234K, committed 51968K, reserved 1114112K
      """;

  @Test
  void addsWhatLivesInBothGenerationsAndNoClasses() {
    assertThat(Memory.of(1, HEAP).liveBytes()).isEqualTo(100 * 1024);
  }

  @Test
  void growsByWhicheverIsMore() {
    Memory before = new Memory(1_000, 100);

    assertThat(new Memory(1_000, 150).growthSince(before)).isEqualTo(50);
    assertThat(new Memory(1_200, 150).growthSince(before)).isEqualTo(200);
  }

  @Test
  void refusesAnAnswerWithoutAHeap() {
    assertThatThrownBy(() -> Memory.of(1, "4711:\nCommand executed successfully"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
