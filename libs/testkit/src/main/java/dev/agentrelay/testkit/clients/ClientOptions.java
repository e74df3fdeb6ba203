package dev.agentrelay.testkit.clients;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which relay, as whom and over what.
 *
 * @param apiKey sent in the namespace's auth object or as {@code x-api-key}
 * @param cookie a {@code Cookie} header, as a browser sends it
 * @param origin an {@code Origin} header, as a browser sends it
 * @param transports in the order they are tried: {@code websocket}, {@code polling}
 * @param reconnectDelay the first wait before connecting again; it doubles up to 30 s
 * @param limit how long a handshake step may take
 */
public record ClientOptions(
    URI relay,
    @Nullable String apiKey,
    @Nullable String cookie,
    @Nullable String origin,
    List<String> transports,
    Duration reconnectDelay,
    Duration limit) {

  /** The published clients' settings: WebSocket only, first reconnect after a second. */
  public static ClientOptions of(URI relay) {
    return new ClientOptions(
        relay,
        null,
        null,
        null,
        List.of("websocket"),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30));
  }

  public ClientOptions withApiKey(String key) {
    return new ClientOptions(relay, key, cookie, origin, transports, reconnectDelay, limit);
  }

  public ClientOptions withCookie(String header) {
    return new ClientOptions(relay, apiKey, header, origin, transports, reconnectDelay, limit);
  }

  public ClientOptions withOrigin(String header) {
    return new ClientOptions(relay, apiKey, cookie, header, transports, reconnectDelay, limit);
  }

  public ClientOptions withTransports(String... inOrder) {
    return new ClientOptions(
        relay, apiKey, cookie, origin, List.of(inOrder), reconnectDelay, limit);
  }

  public ClientOptions withReconnectDelay(Duration delay) {
    return new ClientOptions(relay, apiKey, cookie, origin, transports, delay, limit);
  }

  public ClientOptions withLimit(Duration perStep) {
    return new ClientOptions(relay, apiKey, cookie, origin, transports, reconnectDelay, perStep);
  }

  @Override
  public String toString() {
    return "ClientOptions[" + relay + " over " + transports + "]";
  }
}
