package dev.agentrelay.tunnel.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a tunnel's address may be told to others. */
class TunnelPathTest {
  @ParameterizedTest
  @CsvSource({
    "/api/tunnel/auth/secret.token/runner%3Ar/5173/x, /api/tunnel/auth/.../runner%3Ar/5173/x",
    "/api/tunnel/auth/secret.token, /api/tunnel/auth/...",
    "/api/tunnel/runner/r/5173/auth/x, /api/tunnel/runner/r/5173/auth/x"
  })
  void noTokenStandsInALog(String path, String logged) {
    assertThat(TunnelPath.withoutToken(path)).isEqualTo(logged);
  }
}
