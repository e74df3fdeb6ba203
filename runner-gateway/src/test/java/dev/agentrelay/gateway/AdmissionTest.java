package dev.agentrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentrelay.testkit.clients.ClientOptions;
import dev.agentrelay.testkit.clients.RelaySocket;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may join which namespace (sockets.md 1.4 and 2). */
@QuarkusTest
class AdmissionTest extends GatewayTest {

  @ParameterizedTest
  @ValueSource(strings = {"/runner", "/relay", "/viewer", "/hub", "/runners", "/terminal"})
  void aWrongKeyIsUnauthorized(String namespace) {
    ClientOptions options = ClientOptions.of(relay).withApiKey("wrong");
    assertThatThrownBy(() -> connect(options, namespace)).hasMessageContaining("unauthorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/runner", "/relay", "/viewer", "/hub", "/runners", "/terminal"})
  void noCredentialIsUnauthorized(String namespace) {
    assertThatThrownBy(() -> connect(ClientOptions.of(relay), namespace))
        .hasMessageContaining("unauthorized");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/viewer", "/hub", "/runners", "/terminal"})
  void anUntrustedOriginIsForbiddenEvenWithAValidKey(String namespace) {
    ClientOptions options = mine().withOrigin("https://evil.example");
    assertThatThrownBy(() -> connect(options, namespace))
        .hasMessageContaining("forbidden: untrusted origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/runner", "/relay"})
  void daemonsAndWorkersAreNotAskedForAnOrigin(String namespace) {
    assertThat(connect(mine().withOrigin("https://evil.example"), namespace)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/viewer", "/hub", "/runners", "/terminal"})
  void aLoginCookieFromATrustedOriginIsEnough(String namespace) {
    ClientOptions options =
        ClientOptions.of(relay)
            .withCookie("better-auth.session_token=" + TestingCallers.keyOf(user))
            .withOrigin("http://localhost:7492");
    assertThat(connect(options, namespace)).isNotNull();
  }

  @Test
  void aBadKeyInABrowserFallsBackToTheCookie() {
    ClientOptions options =
        ClientOptions.of(relay)
            .withApiKey("wrong")
            .withCookie("better-auth.session_token=" + TestingCallers.keyOf(user));
    assertThat(connect(options, "/hub")).isNotNull();
  }

  @Test
  void aCookieIsNotEnoughForADaemon() {
    ClientOptions options =
        ClientOptions.of(relay)
            .withCookie("better-auth.session_token=" + TestingCallers.keyOf(user));
    assertThatThrownBy(() -> connect(options, "/runner")).hasMessageContaining("unauthorized");
  }

  @Test
  void anUnknownNamespaceIsInvalid() {
    assertThatThrownBy(() -> connect(mine(), "/nowhere")).hasMessageContaining("Invalid namespace");
  }

  /** A refused client never comes back, one whose connection breaks does (sockets.md 1.3). */
  @Test
  void aCallerThatCannotBeCheckedRightNowIsNotRefusedAndGetsInLater() {
    // over polling, because the Java client overlooks the close of a WebSocket before it has joined
    ClientOptions options =
        ClientOptions.of(relay)
            .withApiKey(TestingCallers.keyThatIsCheckedLater(user))
            .withTransports("polling")
            .withReconnectDelay(Duration.ofMillis(50));
    RelaySocket socket = socket(options, "/runner").connect();
    socket.await("connect");
    assertThat(socket.connected()).isTrue();
  }

  private RelaySocket connect(ClientOptions options, String namespace) {
    return socket(options, namespace).connect().awaitConnected();
  }
}
