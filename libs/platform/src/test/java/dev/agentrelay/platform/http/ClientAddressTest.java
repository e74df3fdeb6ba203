package dev.agentrelay.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.platform.config.TestingConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientAddressTest {
  private static String seen(Map<String, String> settings, String peer, String... forwardedFor) {
    return new ClientAddress(TestingConfig.with(settings)).of(peer, List.of(forwardedFor));
  }

  @Test
  void believesALoopbackPeerByDefault() {
    assertThat(seen(Map.of(), "127.0.0.1", "1.1.1.1, 2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(Map.of(), "::1", "1.1.1.1", "2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(Map.of(), "::ffff:127.0.0.1", "::ffff:2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(Map.of(), "10.0.0.1", "2.2.2.2")).isEqualTo("10.0.0.1");
    assertThat(seen(Map.of(), "127.0.0.1")).isEqualTo("127.0.0.1");
  }

  @Test
  void believesOthersAsToldTo() {
    Map<String, String> never = Map.of("relay.proxy.trust", "never");
    assertThat(seen(never, "127.0.0.1", "2.2.2.2")).isEqualTo("127.0.0.1");
    Map<String, String> nearby = Map.of("relay.proxy.trust", "private");
    assertThat(seen(nearby, "192.168.1.1", "2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(nearby, "fd00::1", "2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(nearby, "8.8.8.8", "2.2.2.2")).isEqualTo("8.8.8.8");
    Map<String, String> named = Map.of("relay.proxy.cidrs", "8.8.0.0/16,9.9.9.9");
    assertThat(seen(named, "8.8.8.8", "2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(named, "9.9.9.9", "2.2.2.2")).isEqualTo("2.2.2.2");
    assertThat(seen(named, "9.9.9.8", "2.2.2.2")).isEqualTo("9.9.9.8");
  }

  @Test
  void countsTheEntryFromTheRight() {
    Map<String, String> deep = Map.of("relay.proxy.depth", "1");
    assertThat(seen(deep, "127.0.0.1", "1.1.1.1, 2.2.2.2")).isEqualTo("1.1.1.1");
    assertThat(seen(deep, "127.0.0.1", "2.2.2.2")).isEqualTo("127.0.0.1");
  }

  @Test
  void countsANetworkOfIpv6AsOneClient() {
    assertThat(ClientAddress.network("203.0.113.7")).isEqualTo("203.0.113.7");
    String one = ClientAddress.network("2001:db8:1:2::1");
    assertThat(ClientAddress.network("2001:DB8:1:2:ffff::2")).isEqualTo(one);
    assertThat(ClientAddress.network("2001:db8:1:3::1")).isNotEqualTo(one);
  }

  @Test
  void takesNothingThatIsNoAddress() {
    assertThat(seen(Map.of(), "127.0.0.1", "unknown")).isEqualTo("127.0.0.1");
  }
}
