package dev.agentrelay.proxy;

import java.time.Duration;

/**
 * Bounds of a {@link ReverseProxy}.
 *
 * @param forwarded what happens to the {@code X-Forwarded-*} headers
 * @param maxConnections plain connections to one target at a time
 * @param maxWaiting requests that may wait for such a connection; more are answered 503
 * @param maxUpgraded upgraded connections (WebSockets) to one target at a time
 * @param connectTimeout wait for a connection
 * @param headTimeout wait for the answer's head once the whole request was sent; nothing is bounded
 *     after the head, so that streams may last
 */
public record ProxyOptions(
    ForwardedHeaders forwarded,
    int maxConnections,
    int maxWaiting,
    int maxUpgraded,
    Duration connectTimeout,
    Duration headTimeout) {

  /** Bounds that fit a gateway with thousands of sockets. */
  public static ProxyOptions defaults(ForwardedHeaders forwarded) {
    return new ProxyOptions(
        forwarded, 1_024, 1_024, 20_000, Duration.ofSeconds(2), Duration.ofSeconds(120));
  }
}
