package dev.agentrelay.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessUseTest {
  @Test
  void addsUserAndSystemTimeWhateverTheProgramIsCalled() {
    String stat = "77 (a (b) c) S 1 77 77 0 -1 4194304 9 0 0 0 150 25 0 0 20 0 12 0 4711 1 1";

    assertThat(ProcessUse.parseCpu(stat)).isEqualTo(Duration.ofMillis(1_750));
  }

  @Test
  void countsTheMachineAsBusyUnlessItIdlesOrWaitsAndTheHostsShareWithIt() {
    String stat = "cpu  100 10 50 9999 7777 5 3 40 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n";

    assertThat(ProcessUse.parseCpuOfMachine(stat)).isEqualTo(Duration.ofMillis(2_080));
  }

  @Test
  void readsKilobytesByName() {
    String status = "Name:\tjava\nVmHWM:\t  9 kB\nVmRSS:\t  123456 kB\n";

    assertThat(ProcessUse.parseKilobytes(status, "VmRSS:")).isEqualTo(123_456);
  }
}
