/** Tunnels with an origin of their own (tunnel.md 7). */
@NullMarked
package dev.agentrelay.tunnel.host;

import org.jspecify.annotations.NullMarked;
