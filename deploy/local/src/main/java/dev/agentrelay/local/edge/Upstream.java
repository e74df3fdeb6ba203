package dev.agentrelay.local.edge;

import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * A replica that requests are passed to.
 *
 * @param address where it serves
 * @param readiness answers 200 while it takes requests; empty for one that always does
 */
public record Upstream(SocketAddress address, Optional<URI> readiness) {}
