package dev.agentrelay.push.ntfy;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which servers can be published to; one's own may be anywhere. */
class NtfyAddressTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ntfy",
        "https://ntfy.example/",
        "http://10.1.2.3:8080",
        "http://[fd00::1]"
      })
  void serversOfOnesOwnAreTaken(String address) {
    assertThatCode(() -> NtfySender.check(URI.create(address))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ntfy.example", "ntfy:8080", "ftp://ntfy", "/ntfy", "https:///"})
  void whatIsNoServerStopsTheStart(String address) {
    URI uri = URI.create(address);
    assertThatThrownBy(() -> NtfySender.check(uri))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("http(s)://host");
  }
}
