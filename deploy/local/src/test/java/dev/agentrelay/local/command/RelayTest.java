package dev.agentrelay.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RelayTest {
  @Test
  void servesTheWebUiThatOperatorsName() {
    assertThat(Relay.webUi(Map.of())).isEmpty();
    assertThat(Relay.webUi(Map.of("RELAY_WEB_UI_DIR", " "))).isEmpty();
    assertThat(Relay.webUi(Map.of("PIZZAPI_UI_DIR", "/ui"))).contains(Path.of("/ui"));
    assertThat(Relay.webUi(Map.of("PIZZAPI_UI_DIR", "/ui", "RELAY_WEB_UI_DIR", "/ours")))
        .contains(Path.of("/ours"));
  }
}
