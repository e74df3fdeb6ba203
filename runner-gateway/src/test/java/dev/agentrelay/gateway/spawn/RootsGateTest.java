package dev.agentrelay.gateway.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootsGateTest {

  @ParameterizedTest
  @CsvSource({
    "/src, /src, true",
    "/src, /src/, true",
    "/src, /src/app/.., true",
    "/src, /src/app, true",
    "/src, /source, false",
    "/src, /src/../etc, false",
    "/src, /, false",
    "/, /anything, true",
    "C:/Work, c:\\work\\app, true",
    "C:/Work, D:\\work, false",
    "/Src, /src, false"
  })
  void aPathLiesInARootByItsText(String root, String path, boolean admitted) {
    assertThat(RootsGate.admits(List.of(root), path)).isEqualTo(admitted);
  }

  @ParameterizedTest
  @CsvSource({"/anything", "C:\\x"})
  void aRunnerWithoutRootsAdmitsEverything(String path) {
    assertThat(RootsGate.admits(List.of(), path)).isTrue();
  }
}
